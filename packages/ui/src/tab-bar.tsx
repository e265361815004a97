import { cn } from './cn'
import { findCurrent } from './navigation'
import type { LinkComponent, SidebarItem } from './sidebar'

export type TabBarProps = {
  /** Name of the navigation for screen readers. */
  label: string
  items: SidebarItem[]
  currentPath: string
  Link: LinkComponent
}

/** The sidebar's links on a narrow screen: at its foot, where the thumb is. */
export function TabBar({ label, items, currentPath, Link }: TabBarProps) {
  const current = findCurrent(
    items.map(({ href }) => href),
    currentPath,
  )
  return (
    <nav aria-label={label} className="border-t border-line bg-surface pb-[env(safe-area-inset-bottom)]">
      <ul className="mx-auto flex max-w-lg">
        {items.map(({ href, label: text, icon: Icon }) => {
          const isCurrent = href === current
          return (
            <li key={href} className="min-w-0 flex-1">
              <Link
                href={href}
                aria-current={isCurrent ? 'page' : undefined}
                className={cn(
                  'flex min-h-14 flex-col items-center justify-center gap-0.5 px-1 text-xs font-medium focus-visible:-outline-offset-2',
                  isCurrent ? 'text-accent' : 'text-muted hover:text-ink',
                )}
              >
                <Icon aria-hidden className="size-5 shrink-0" />
                <span className="max-w-full truncate">{text}</span>
              </Link>
            </li>
          )
        })}
      </ul>
    </nav>
  )
}
