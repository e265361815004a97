'use client'

import { Slot, Slottable } from '@radix-ui/react-slot'
import { LoaderCircle } from 'lucide-react'
import type { ComponentProps } from 'react'

import { cn } from './cn'

const looks = {
  primary: 'bg-primary text-on-primary hover:bg-primary-hover',
  secondary: 'border border-edge bg-surface text-ink hover:bg-raised',
  quiet: 'text-muted hover:bg-raised hover:text-ink',
} as const

export type ButtonProps = ComponentProps<'button'> & {
  look?: keyof typeof looks
  /** Shows that the action is under way and ignores further clicks; the button keeps its focus and its name. */
  isLoading?: boolean
  /** Gives the look to the child element, such as a link. */
  asChild?: boolean
}

export function Button({
  look = 'primary',
  isLoading = false,
  asChild = false,
  className,
  children,
  disabled,
  onClick,
  type = 'button',
  ...rest
}: ButtonProps) {
  const Element = asChild ? Slot : 'button'
  return (
    <Element
      {...rest}
      {...(asChild ? {} : { type, disabled })}
      aria-busy={isLoading || undefined}
      aria-disabled={isLoading || undefined}
      onClick={(event) => {
        if (isLoading) event.preventDefault()
        else onClick?.(event)
      }}
      className={cn(
        'inline-flex min-h-touch min-w-touch cursor-pointer items-center justify-center gap-2 rounded-control px-4 py-2 text-center font-medium transition-colors',
        'disabled:cursor-not-allowed disabled:opacity-50 aria-disabled:cursor-progress',
        looks[look],
        className,
      )}
    >
      {isLoading && <LoaderCircle aria-hidden className="size-4 shrink-0 animate-spin" />}
      <Slottable>{children}</Slottable>
    </Element>
  )
}
