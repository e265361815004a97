import type { Metadata } from 'next'

import { SessionGate } from '@/features/auth/session'
import { Dashboard } from '@/features/dashboard/dashboard'
import { Shell } from '@/features/dashboard/shell'
import { messages } from '@/lib/messages'

export const metadata: Metadata = { title: messages.dashboard.title }

export default function Page() {
  return (
    <SessionGate>
      <Shell>
        <Dashboard />
      </Shell>
    </SessionGate>
  )
}
