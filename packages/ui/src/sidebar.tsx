import type { LucideIcon } from 'lucide-react'
import type { ComponentType, ReactNode } from 'react'

import { cn } from './cn'
import { findCurrent } from './navigation'

export type SidebarItem = { href: string; label: string; icon: LucideIcon }

/** How a link is made: the router's own, so that moving on does not reload. */
export type LinkComponent = ComponentType<{
  href: string
  className?: string
  'aria-current'?: 'page'
  children: ReactNode
}>

export type SidebarProps = {
  /** Name of the navigation for screen readers. */
  label: string
  brand: ReactNode
  items: SidebarItem[]
  currentPath: string
  Link: LinkComponent
  /** At the foot: help, for one. */
  children?: ReactNode
}

export function Sidebar({ label, brand, items, currentPath, Link, children }: SidebarProps) {
  const current = findCurrent(
    items.map(({ href }) => href),
    currentPath,
  )
  return (
    <nav aria-label={label} className="flex h-full flex-col gap-8 p-4">
      <div className="flex min-h-touch items-center px-3">{brand}</div>
      <ul className="space-y-1">
        {items.map(({ href, label: text, icon: Icon }) => {
          const isCurrent = href === current
          return (
            <li key={href}>
              <Link
                href={href}
                aria-current={isCurrent ? 'page' : undefined}
                className={cn(
                  'flex min-h-touch items-center gap-3 rounded-control px-3 font-medium transition-colors',
                  isCurrent ? 'bg-raised text-ink' : 'text-muted hover:bg-raised hover:text-ink',
                )}
              >
                <Icon aria-hidden className={cn('size-4.5 shrink-0', isCurrent && 'text-accent')} />
                {text}
              </Link>
            </li>
          )
        })}
      </ul>
      {children && <div className="mt-auto">{children}</div>}
    </nav>
  )
}
