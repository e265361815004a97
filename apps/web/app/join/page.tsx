import type { Metadata } from 'next'

import { Join } from '@/features/team/join'
import { messages } from '@/lib/messages'

export const metadata: Metadata = { title: messages.join.title }

export default function Page() {
  return <Join />
}
