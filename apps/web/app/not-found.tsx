import { Button } from '@flux/ui'
import Link from 'next/link'

import { PageMessage } from '@/lib/page-message'
import { messages } from '@/lib/messages'

const m = messages.errors

export default function NotFound() {
  return (
    <PageMessage title={m.notFoundTitle} detail={m.notFound}>
      <Button asChild>
        <Link href="/dashboard">{m.toDashboard}</Link>
      </Button>
    </PageMessage>
  )
}
