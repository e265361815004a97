'use client'

import { usePathname } from 'next/navigation'

import { useMessages } from '@/lib/language'
import type { Messages } from '@/lib/messages/en'
import { PageTitle } from '@/lib/page-title'
import { Waiting } from '@/lib/waiting'

const titles: Record<string, keyof Messages['titles']> = {
  '/dashboard': 'dashboard',
  '/dashboard/rows': 'rows',
  '/dashboard/data': 'data',
  '/dashboard/data/upload': 'upload',
  '/dashboard/team': 'team',
  '/dashboard/settings': 'settings',
}

/** Of the pages behind the login: outside of the gate, so that the tab has a name before it is known who is here. */
export function DashboardTitle() {
  return <PageTitle page={usePage()} />
}

/** What stands for one of these pages until it is known who is here: its title, and the shape of the rest. */
export function PageWaiting() {
  const messages = useMessages()
  const page = usePage()
  const isDashboard = page === 'dashboard'
  return (
    <div className={`mx-auto space-y-6 ${isDashboard ? 'max-w-6xl' : 'max-w-4xl'}`}>
      <div>
        <h1 className="text-2xl font-semibold">{messages.titles[page]}</h1>
        {isDashboard && <DashboardIntro />}
      </div>
      <Waiting shapes={['h-11', 'h-56', 'h-96']} className="space-y-6" />
    </div>
  )
}

export function DashboardIntro() {
  return <p className="mt-1 text-muted">{useMessages().dashboard.intro}</p>
}

function usePage(): keyof Messages['titles'] {
  return titles[usePathname()] ?? 'dashboard'
}
