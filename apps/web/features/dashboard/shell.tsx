'use client'

import { Header, Popover, Sidebar, TabBar } from '@flux/ui'
import { ChartNoAxesColumn, FileText, Settings, Users } from 'lucide-react'
import { usePathname } from 'next/navigation'
import type { ReactNode } from 'react'

import { LogOutButton } from '@/features/auth/log-out-button'
import { useSessionIfKnown } from '@/features/auth/session'
import { Brand } from '@/lib/brand'
import { useMessages } from '@/lib/language'
import { LanguagePicker } from '@/lib/language-picker'
import { Link } from '@/lib/link'
import { ThemePicker } from '@/lib/theme-picker'

/**
 * The frame of every page behind the login: links beside it on a wide screen, below it on a narrow one. It is there
 * before it is known who is here, so that the built page has something to read.
 */
export function Shell({ children }: { children: ReactNode }) {
  const messages = useMessages()
  const m = messages.nav
  const path = usePathname()
  const session = useSessionIfKnown()
  const account = session?.account
  const restaurant = session?.restaurant
  const items = [
    { href: '/dashboard', label: m.dashboard, icon: ChartNoAxesColumn },
    { href: '/dashboard/data', label: m.data, icon: FileText },
    // A viewer may not see who else works here.
    ...(restaurant?.role === 'viewer' ? [] : [{ href: '/dashboard/team', label: m.team, icon: Users }]),
    { href: '/dashboard/settings', label: m.settings, icon: Settings },
  ]
  return (
    <div className="min-h-dvh pb-20 lg:grid lg:grid-cols-[16rem_minmax(0,1fr)] lg:pb-0">
      <a
        href="#content"
        className="sr-only z-50 min-h-touch items-center rounded-control bg-primary px-4 font-medium text-on-primary focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:inline-flex"
      >
        {messages.skipToContent}
      </a>
      <div className="hidden border-r border-line bg-surface lg:block">
        <div className="sticky top-0 h-dvh">
          <Sidebar label={m.label} brand={<Brand />} items={items} currentPath={path} Link={Link}>
            <p className="px-3 pb-2 text-sm text-muted">{m.promise}</p>
          </Sidebar>
        </div>
      </div>
      <div className="min-w-0">
        <Header
          title={restaurant?.name ?? ''}
          subtitle={account?.email ?? ''}
          actions={
            account && (
              <Popover label={m.account} button={account.email.slice(0, 1).toUpperCase()} locationKey={path}>
                <div className="space-y-4">
                  <p className="text-sm wrap-anywhere text-muted">{account.email}</p>
                  <ThemePicker />
                  <LanguagePicker />
                  <div className="border-t border-line pt-3">
                    <LogOutButton />
                  </div>
                </div>
              </Popover>
            )
          }
        />
        <main id="content" tabIndex={-1} className="px-4 py-6 outline-none sm:px-6 lg:px-8 lg:py-8">
          {children}
        </main>
      </div>
      <div className="fixed inset-x-0 bottom-0 z-30 lg:hidden">
        <TabBar label={m.label} items={items} currentPath={path} Link={Link} />
      </div>
    </div>
  )
}
