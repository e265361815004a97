'use client'

import { Alert, Button, Progress } from '@flux/ui'

import { useSession } from '@/features/auth/session'
import { ErrorAlert } from '@/lib/error-alert'
import { useMessages } from '@/lib/language'

import { describeSendError, EmptyFile, type Transfer } from './transfers'
import { useTransfers } from './transfers-provider'

/** Each file that is on its way, and how far. */
export function TransferList() {
  const m = useMessages().upload
  const { all } = useTransfers()
  if (all.length === 0) return null
  return (
    <div className="space-y-3">
      <ul aria-label={m.onTheirWay} className="space-y-3">
        {all.map((transfer) => (
          <li key={transfer.key} className="rounded-control border border-line p-4">
            <TransferState transfer={transfer} />
          </li>
        ))}
      </ul>
      {all.some(({ state }) => state === 'sending') && <p className="text-sm text-muted">{m.sendingHint}</p>}
    </div>
  )
}

function TransferState({ transfer }: { transfer: Transfer }) {
  const messages = useMessages()
  const m = messages.upload
  const { format } = useSession()
  const { stop, retry } = useTransfers()
  const { key, facts, state, sentBytes, secondsLeft, error } = transfer
  const share = facts.size > 0 ? sentBytes / facts.size : 0
  const bytes = m.sent(format.bytes(sentBytes), format.bytes(facts.size))

  const stopButton = (
    <Button
      look="secondary"
      onClick={() => {
        stop(key)
      }}
    >
      {state === 'sending' ? m.stop : m.remove}
      <span className="sr-only">{facts.name}</span>
    </Button>
  )

  if (state === 'failed' && error) {
    const canRetry = !(error instanceof EmptyFile)
    return (
      <ErrorAlert
        error={error}
        title={m.failedTitle(facts.name)}
        detail={describeSendError(error, messages)}
        action={
          <div className="flex flex-wrap gap-3">
            {canRetry && (
              <Button
                look="secondary"
                onClick={() => {
                  retry(key)
                }}
              >
                {sentBytes > 0 ? m.goOn : messages.tryAgain}
              </Button>
            )}
            {stopButton}
          </div>
        }
      />
    )
  }
  if (state === 'left') {
    return (
      <Alert tone="warning" title={m.leftTitle(facts.name)} action={stopButton}>
        {m.left(bytes)}
      </Alert>
    )
  }
  return (
    <div className="flex flex-wrap items-end justify-between gap-3">
      <div className="min-w-0 flex-1 basis-56">
        <Progress
          label={state === 'waiting' ? m.waiting(facts.name) : m.sending(facts.name)}
          value={share}
          valueText={bytes}
        />
        <p className="mt-2 min-h-5 text-sm text-muted tabular-nums">
          {secondsLeft !== null && m.timeLeft(format.duration(secondsLeft))}
        </p>
      </div>
      {stopButton}
    </div>
  )
}
