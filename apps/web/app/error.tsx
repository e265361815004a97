'use client'

import { Button } from '@flux/ui'

import { PageMessage } from '@/lib/page-message'
import { messages } from '@/lib/messages'

const m = messages.errors

export default function ErrorPage({ reset }: { reset: () => void }) {
  return (
    <PageMessage title={m.unexpectedTitle} detail={m.unexpected}>
      <Button onClick={reset}>{messages.tryAgain}</Button>
    </PageMessage>
  )
}
