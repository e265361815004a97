'use client'

import { createContext, use, useId, type ReactNode } from 'react'

type FieldAria = {
  id: string
  'aria-describedby': string | undefined
  'aria-invalid': true | undefined
}

const FieldContext = createContext<FieldAria | null>(null)

/** What an input inside a `Field` must carry to belong to its label, hint and error. */
export function useFieldAria(): Partial<FieldAria> {
  return use(FieldContext) ?? {}
}

export type FieldProps = {
  label: string
  hint?: ReactNode
  error?: string | undefined
  /** One `Input` or `Select`. */
  children: ReactNode
}

export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId()
  const hintId = `${id}-hint`
  const errorId = `${id}-error`
  const describedBy = [error && errorId, hint && hintId].filter(Boolean).join(' ')
  const aria: FieldAria = {
    id,
    'aria-describedby': describedBy || undefined,
    'aria-invalid': error ? true : undefined,
  }
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="mb-1.5 block text-sm font-medium">
        {label}
      </label>
      <FieldContext value={aria}>{children}</FieldContext>
      <div aria-live="polite">
        {error && (
          <p id={errorId} className="mt-1.5 text-sm font-medium text-danger">
            {error}
          </p>
        )}
      </div>
      {hint && (
        <p id={hintId} className="mt-1.5 text-sm text-muted">
          {hint}
        </p>
      )}
    </div>
  )
}
