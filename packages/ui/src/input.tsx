import type { ComponentProps } from 'react'

import { cn } from './cn'
import { useFieldAria } from './field'

/** Shared by every control one types or picks in. 16px text: below that a phone zooms in on focus. */
export const controlClass =
  'rounded-control border-edge bg-surface text-ink placeholder:text-muted min-h-touch w-full min-w-0 border px-3 text-base transition-colors hover:border-ink disabled:cursor-not-allowed disabled:opacity-60 aria-invalid:border-danger'

export function Input({ className, ...rest }: ComponentProps<'input'>) {
  return (
    <input {...useFieldAria()} {...rest} className={cn(controlClass, 'read-only:bg-raised', className)} />
  )
}
