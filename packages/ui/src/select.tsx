import { ChevronDown } from 'lucide-react'
import type { ComponentProps } from 'react'

import { cn } from './cn'
import { useFieldAria } from './field'
import { controlClass } from './input'

/** The browser's own select: on a phone it opens the device's picker, and typing finds one in hundreds of options. */
export function Select({ className, children, ...rest }: ComponentProps<'select'>) {
  return (
    <div className="relative">
      <select
        {...useFieldAria()}
        {...rest}
        className={cn(controlClass, 'appearance-none truncate pr-10', className)}
      >
        {children}
      </select>
      <ChevronDown
        aria-hidden
        className="pointer-events-none absolute top-1/2 right-3 size-4 -translate-y-1/2 text-muted"
      />
    </div>
  )
}
