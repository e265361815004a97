import type { ReactNode } from 'react'

import { SessionGate } from '@/features/auth/session'
import { Shell } from '@/features/dashboard/shell'
import { DashboardTitle, PageWaiting } from '@/features/dashboard/title'
import { TransfersProvider } from '@/features/uploads/transfers-provider'

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <>
      <DashboardTitle />
      <TransfersProvider>
        <SessionGate frame={Shell} waiting={<PageWaiting />}>
          {children}
        </SessionGate>
      </TransfersProvider>
    </>
  )
}
