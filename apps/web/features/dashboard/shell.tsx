'use client'

import { Drawer, Header, Sidebar } from '@flux/ui'
import { ChartNoAxesColumn } from 'lucide-react'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import type { ReactNode } from 'react'

import { LogOutButton } from '@/features/auth/log-out-button'
import { useSession } from '@/features/auth/session'
import { Brand } from '@/lib/brand'
import { messages } from '@/lib/messages'

const m = messages.nav
const items = [{ href: '/dashboard', label: m.dashboard, icon: ChartNoAxesColumn }]

/** The frame of every page behind the login. */
export function Shell({ children }: { children: ReactNode }) {
  const path = usePathname()
  const { account, restaurant } = useSession()
  const sidebar = (
    <Sidebar label={m.label} brand={<Brand />} items={items} currentPath={path} Link={Link}>
      <p className="px-3 pb-2 text-sm text-muted">{m.promise}</p>
    </Sidebar>
  )
  return (
    <div className="min-h-dvh lg:grid lg:grid-cols-[16rem_minmax(0,1fr)]">
      <a
        href="#content"
        className="sr-only z-50 min-h-touch items-center rounded-control bg-primary px-4 font-medium text-on-primary focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:inline-flex"
      >
        {messages.skipToContent}
      </a>
      <div className="hidden border-r border-line bg-surface lg:block">
        <div className="sticky top-0 h-dvh">{sidebar}</div>
      </div>
      <div className="min-w-0">
        <Header
          title={restaurant.name}
          subtitle={account.email}
          menu={
            <Drawer title={m.menu} openLabel={m.openMenu} closeLabel={m.closeMenu} locationKey={path}>
              {sidebar}
            </Drawer>
          }
          actions={<LogOutButton />}
        />
        <main id="content" tabIndex={-1} className="px-4 py-6 outline-none sm:px-6 lg:px-8 lg:py-8">
          {children}
        </main>
      </div>
    </div>
  )
}
