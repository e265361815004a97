import { useId, type ReactNode } from 'react'

import { cn } from './cn'

export type CardProps = {
  title?: string
  /** A line under the title. */
  description?: ReactNode
  /** Beside the title: a badge or an action. */
  aside?: ReactNode
  className?: string
  children: ReactNode
}

/** A surface; with a title, a region of the page named by it. */
export function Card({ title, description, aside, className, children }: CardProps) {
  const titleId = useId()
  return (
    <section
      aria-labelledby={title ? titleId : undefined}
      className={cn('min-w-0 rounded-card border border-line bg-surface p-5 shadow-card sm:p-6', className)}
    >
      {title && (
        <header className="mb-4 flex flex-wrap items-start justify-between gap-x-4 gap-y-2 last:mb-0">
          <div className="min-w-0">
            <h2 id={titleId} className="text-base font-semibold">
              {title}
            </h2>
            {description && <p className="mt-0.5 text-sm wrap-anywhere text-muted">{description}</p>}
          </div>
          {aside}
        </header>
      )}
      {children}
    </section>
  )
}
