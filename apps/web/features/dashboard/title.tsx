'use client'

import { usePathname } from 'next/navigation'

import type { Messages } from '@/lib/messages/en'
import { PageTitle } from '@/lib/page-title'

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
  return <PageTitle page={titles[usePathname()] ?? 'dashboard'} />
}
