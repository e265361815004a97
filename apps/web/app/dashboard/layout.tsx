import type { ReactNode } from 'react'

import { SessionGate } from '@/features/auth/session'
import { Shell } from '@/features/dashboard/shell'
import { DashboardTitle } from '@/features/dashboard/title'

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <>
      <DashboardTitle />
      <SessionGate>
        <Shell>{children}</Shell>
      </SessionGate>
    </>
  )
}
