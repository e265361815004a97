import type { Metadata } from 'next'

import { ConfirmEmail } from '@/features/auth/confirm-email'
import { messages } from '@/lib/messages'

export const metadata: Metadata = { title: messages.confirm.title }

export default function Page() {
  return <ConfirmEmail />
}
