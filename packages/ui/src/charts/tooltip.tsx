import type { CSSProperties, ReactNode } from 'react'

import { cn } from '../cn'

export type TooltipProps = {
  /** How far along the chart it points, from 0 to 1. It is shifted by as much of its own width, so that it stays within. */
  share: number
  style?: CSSProperties
  className?: string
  children: ReactNode
}

/** For the eye: what it says is also said by the element that has the focus. */
export function Tooltip({ share, style, className, children }: TooltipProps) {
  return (
    <div
      aria-hidden
      data-testid="tooltip"
      style={{ ...style, transform: `translateX(${-share * 100}%)` }}
      className={cn(
        'pointer-events-none absolute z-10 rounded-control bg-ink px-2.5 py-1.5 text-left text-xs font-normal whitespace-nowrap text-surface',
        className,
      )}
    >
      {children}
    </div>
  )
}
