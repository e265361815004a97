import { Alert, Progress } from '@flux/ui'

import { useSession } from '@/features/auth/session'
import { useMessages } from '@/lib/language'

import { secondsLeftOf, type FollowedUpload } from './api'

/** How far a file is that waits, or is being read, undone, or read again. */
export function UnderWay({ upload, isOutOfTouch }: { upload: FollowedUpload; isOutOfTouch: boolean }) {
  const messages = useMessages()
  const m = messages.latest
  const { format } = useSession()
  const { filename, status, requested, progress, rows_read: rows, size_bytes: size } = upload
  const isWaiting = status === 'awaiting_file'
  const secondsLeft = secondsLeftOf(upload)
  const label = requested ? m[requested](filename) : isWaiting ? m.waiting(filename) : m.reading(filename)
  return (
    <div className="space-y-3">
      <Progress
        label={label}
        value={isWaiting ? null : progress}
        valueText={
          isWaiting ? undefined : messages.upload.sent(format.bytes(progress * size), format.bytes(size))
        }
      />
      <p className="text-sm text-muted">
        {rows > 0 && !isWaiting && `${m.rowsRead(format.number(rows))} · `}
        {secondsLeft !== null && !isWaiting && `${messages.upload.timeLeft(format.duration(secondsLeft))} · `}
        {requested ? m.requestedHint : isWaiting ? m.waitingHint : m.readingHint}
      </p>
      {isOutOfTouch && (
        <Alert tone="warning" title={messages.errors.unreachableTitle}>
          {m.lostTouch}
        </Alert>
      )}
    </div>
  )
}
