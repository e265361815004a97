import type { FieldValues, Path, UseFormReturn } from 'react-hook-form'

import { fieldErrors } from '@/lib/errors'
import type { Messages } from '@/lib/messages/en'

/** Whether all that is wrong is said at the form's own fields, so that nothing is left to say above them. */
export function isAboutFieldsOf<T extends FieldValues>(form: UseFormReturn<T>, error: unknown): boolean {
  const names = Object.keys(fieldErrors(error))
  return names.length > 0 && names.every((name) => name in form.getValues())
}

/** Puts what the API said about single fields to those fields, and the focus on the first of them. */
export function placeFieldErrors<T extends FieldValues>(
  form: UseFormReturn<T>,
  error: unknown,
  messages: Messages,
): void {
  const placed = Object.entries(fieldErrors(error, messages)).filter(([name]) => name in form.getValues())
  placed.forEach(([name, message], index) => {
    form.setError(name as Path<T>, { message }, { shouldFocus: index === 0 })
  })
}
