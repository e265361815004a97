import { Button, Skeleton } from '@flux/ui'

import { describeError, isUnreachable } from '@/lib/errors'
import { useMessages } from '@/lib/language'
import { PageMessage } from '@/lib/page-message'

/** Before it is known who is here. */
export function PageLoading() {
  const messages = useMessages()
  return (
    <main aria-busy className="mx-auto max-w-5xl space-y-6 p-6 lg:py-10">
      <h1 className="sr-only">{messages.loading}</h1>
      <Skeleton className="h-8 w-40" />
      <Skeleton className="h-36" />
      <div className="grid gap-6 lg:grid-cols-2">
        <Skeleton className="h-72" />
        <Skeleton className="h-72" />
      </div>
    </main>
  )
}

type PageErrorProps = { error: unknown; onRetry: () => void; isRetrying: boolean }

/** The API is away, or failed in a way nobody foresaw. */
export function PageError({ error, onRetry, isRetrying }: PageErrorProps) {
  const messages = useMessages()
  const { title, detail, reference } = describeError(error, messages)
  return (
    <PageMessage title={title} detail={detail}>
      <Button onClick={onRetry} isLoading={isRetrying}>
        {messages.tryAgain}
      </Button>
      <p role="status" className="text-sm text-muted">
        {isUnreachable(error) ? messages.errors.unreachableWaiting : reference}
      </p>
    </PageMessage>
  )
}
