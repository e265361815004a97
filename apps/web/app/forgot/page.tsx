import type { Metadata } from 'next'

import { ForgotPassword } from '@/features/auth/forgot-password'
import { messages } from '@/lib/messages'

export const metadata: Metadata = { title: messages.forgot.title }

export default function Page() {
  return <ForgotPassword />
}
