'use client'

import { useEffect, useId, useRef, type ReactNode } from 'react'

import { cn } from './cn'

export type PopoverProps = {
  /** What the button does, for those who cannot tell from what is in it. */
  label: string
  /** What is on the button. */
  button: ReactNode
  /** Changes when one has moved on, which closes it. */
  locationKey: string
  children: ReactNode
}

/**
 * A button at the upper right, and what comes up below it. The browser's own popover: it lies over everything, and
 * Escape or a click beside it closes it.
 */
export function Popover({ label, button, locationKey, children }: PopoverProps) {
  const id = useId()
  const panel = useRef<HTMLDivElement>(null)

  useEffect(() => {
    panel.current?.hidePopover()
  }, [locationKey])

  return (
    <>
      <button
        type="button"
        aria-label={label}
        popoverTarget={id}
        className={cn(
          'grid size-11 shrink-0 cursor-pointer place-items-center rounded-full bg-accent-soft',
          'font-semibold text-accent hover:bg-raised',
        )}
      >
        {button}
      </button>
      <div
        ref={panel}
        id={id}
        popover="auto"
        role="group"
        aria-label={label}
        className="inset-auto top-16 right-3 w-72 max-w-[calc(100vw-1.5rem)] rounded-card border border-line bg-surface p-4 text-ink shadow-float sm:right-6"
      >
        {children}
      </div>
    </>
  )
}
