'use client'

import { Button } from '@flux/ui'

import { useMessages } from '@/lib/language'
import { PageMessage } from '@/lib/page-message'

export default function ErrorPage({ reset }: { reset: () => void }) {
  const messages = useMessages()
  const m = messages.errors
  return (
    <PageMessage title={m.unexpectedTitle} detail={m.unexpected}>
      <Button onClick={reset}>{messages.tryAgain}</Button>
    </PageMessage>
  )
}
