import type { ReactNode } from 'react'

import { SessionGate } from '@/features/auth/session'
import { Shell } from '@/features/dashboard/shell'
import { DashboardTitle } from '@/features/dashboard/title'
import { TransfersProvider } from '@/features/uploads/transfers-provider'

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <>
      <DashboardTitle />
      <SessionGate>
        <TransfersProvider>
          <Shell>{children}</Shell>
        </TransfersProvider>
      </SessionGate>
    </>
  )
}
