import type { Metadata } from 'next'

import { ResetPassword } from '@/features/auth/reset-password'
import { messages } from '@/lib/messages'

export const metadata: Metadata = { title: messages.reset.title }

export default function Page() {
  return <ResetPassword />
}
