import type { Metadata } from 'next'

import { Register } from '@/features/auth/register'
import { messages } from '@/lib/messages'

export const metadata: Metadata = { title: messages.auth.registerTitle }

export default function Page() {
  return <Register />
}
