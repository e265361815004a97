'use client'

import { Alert, Button, Card, FileDrop, Progress } from '@flux/ui'

import { useSession } from '@/features/auth/session'
import { ErrorAlert } from '@/lib/error-alert'
import { useMessages } from '@/lib/language'

import { describeSendError, useSendFile } from './use-send-file'

/** Where a file is dropped and seen on its way; for those who may not upload, why there is no such box. */
export function UploadCard({ id }: { id: string }) {
  const m = useMessages().upload
  const { restaurant } = useSession()
  if (restaurant.role !== 'viewer') return <UploadBox id={id} />
  return (
    <Alert tone="info" title={m.viewerTitle}>
      {m.viewer(restaurant.name)}
    </Alert>
  )
}

function UploadBox({ id }: { id: string }) {
  const messages = useMessages()
  const m = messages.upload
  const { format } = useSession()
  const { send, stop, file, isSending, progress, error } = useSendFile()

  return (
    <Card title={m.title} description={m.description}>
      <div id={id} className="flex scroll-mt-6 flex-col gap-4">
        {isSending && file ? (
          <div className="space-y-4">
            <Progress
              label={m.sending(file.name)}
              value={progress}
              valueText={m.sent(format.percent(progress), format.bytes(file.size))}
            />
            <div className="flex flex-wrap items-center justify-between gap-3">
              <p className="text-sm text-muted">{m.sendingHint}</p>
              <Button look="secondary" onClick={stop}>
                {m.stop}
              </Button>
            </div>
          </div>
        ) : (
          <FileDrop
            label={m.drop}
            hint={m.dropHint}
            dropLabel={m.letGo}
            accept=".csv,.tsv,.txt,.zip,.gz,.xlsx,text/csv"
            onFiles={([file]) => {
              if (file) send(file)
            }}
          />
        )}
        {error && file && (
          <ErrorAlert
            error={error}
            title={m.failedTitle(file.name)}
            detail={describeSendError(error, messages)}
            onRetry={
              file.size > 0
                ? () => {
                    send(file)
                  }
                : undefined
            }
          />
        )}
      </div>
    </Card>
  )
}
