import type { FieldValues, Path, UseFormReturn } from 'react-hook-form'

import { fieldErrors } from '@/lib/errors'

/** Puts what the API said about single fields to those fields, and the focus on the first of them. */
export function placeFieldErrors<T extends FieldValues>(form: UseFormReturn<T>, error: unknown): void {
  const placed = Object.entries(fieldErrors(error)).filter(([name]) => name in form.getValues())
  placed.forEach(([name, message], index) => {
    form.setError(name as Path<T>, { message }, { shouldFocus: index === 0 })
  })
}
