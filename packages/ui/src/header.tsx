import type { ReactNode } from 'react'

export type HeaderProps = {
  /** Whose data this is. */
  title: string
  /** Who is looking at it. */
  subtitle: string
  actions?: ReactNode
}

export function Header({ title, subtitle, actions }: HeaderProps) {
  return (
    <header className="flex min-h-16 items-center gap-2 border-b border-line bg-surface px-3 py-2 sm:px-6 lg:px-8">
      <div className="min-w-0 flex-1">
        <p className="truncate font-semibold" title={title}>
          {title}
        </p>
        <p className="truncate text-sm text-muted" title={subtitle}>
          {subtitle}
        </p>
      </div>
      {actions}
    </header>
  )
}
