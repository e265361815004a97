'use client'

import { Slot, Slottable } from '@radix-ui/react-slot'
import { LoaderCircle, type LucideIcon } from 'lucide-react'
import type { ComponentProps } from 'react'

import { cn } from './cn'

const looks = {
  primary: 'bg-primary text-on-primary hover:bg-primary-hover',
  secondary: 'border border-edge bg-surface text-ink hover:bg-raised',
  quiet: 'text-muted hover:bg-raised hover:text-ink',
  accent: 'text-accent hover:bg-accent-soft',
  danger: 'bg-danger text-on-danger hover:bg-danger-hover',
} as const

type ButtonLook = keyof typeof looks

const shape =
  'inline-flex min-h-touch min-w-touch cursor-pointer items-center justify-center gap-2 rounded-control py-2 text-center font-medium transition-colors disabled:cursor-not-allowed disabled:opacity-50 aria-disabled:cursor-progress'

export type ButtonProps = ComponentProps<'button'> & {
  look?: ButtonLook
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
      className={cn(shape, 'px-4', looks[look], className)}
    >
      {isLoading && <LoaderCircle aria-hidden className="size-4 shrink-0 animate-spin" />}
      <Slottable>{children}</Slottable>
    </Element>
  )
}

export type IconButtonProps = Omit<ComponentProps<'button'>, 'children' | 'aria-label'> & {
  /** What it does, for those who cannot tell from the icon. */
  label: string
  icon: LucideIcon
}

/** A quiet button that is only an icon. */
export function IconButton({ label, icon: Icon, className, type = 'button', ...rest }: IconButtonProps) {
  return (
    <button {...rest} type={type} aria-label={label} className={cn(shape, looks.quiet, className)}>
      <Icon aria-hidden className="size-5 shrink-0" />
    </button>
  )
}
