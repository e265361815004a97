import { Badge, Card } from '@flux/ui'

import { useSession } from '@/features/auth/session'
import type { FollowedUpload } from '@/features/uploads/api'
import { Refusal } from '@/features/uploads/refusal'
import { describeStatus, isFinal } from '@/features/uploads/status'
import { UnderWay } from '@/features/uploads/under-way'
import { uploadPath } from '@/features/uploads/upload-path'
import { useMessages } from '@/lib/language'
import { TextLink } from '@/lib/text-link'

/** Where the file sent last stands, in short; the rest is on its own page. */
export function UploadState({ upload, isOutOfTouch }: { upload: FollowedUpload; isOutOfTouch: boolean }) {
  const messages = useMessages()
  const m = messages.latest
  const { format } = useSession()
  const { tone, label } = describeStatus(upload, messages)
  return (
    <Card
      title={m.title}
      description={
        <>
          <span className="text-ink">{upload.filename}</span>{' '}
          <span className="whitespace-nowrap">
            {m.received(format.bytes(upload.size_bytes), format.moment(upload.created_at))}
          </span>
        </>
      }
      aside={
        <div className="-my-2 flex flex-wrap items-center gap-x-4">
          <div role="status">
            <Badge tone={tone}>{label}</Badge>
          </div>
          <TextLink href={uploadPath(upload.id)}>
            {upload.status === 'needs_mapping' ? m.help : m.details}
          </TextLink>
        </div>
      }
    >
      {!isFinal(upload) ? (
        <UnderWay upload={upload} isOutOfTouch={isOutOfTouch} />
      ) : (
        upload.status === 'failed' && <Refusal upload={upload} />
      )}
    </Card>
  )
}
