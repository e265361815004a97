'use client'

import type { Upload } from '@flux/api-client'
import { Badge, Card, EmptyState } from '@flux/ui'
import { useInfiniteQuery } from '@tanstack/react-query'
import { FileText } from 'lucide-react'

import { useSession } from '@/features/auth/session'
import { useMessages } from '@/lib/language'
import { Link } from '@/lib/link'
import { Paged } from '@/lib/paged'

import { uploadsQuery } from './api'
import { describeStatus, isFinal } from './status'
import { UnderWay } from './under-way'
import { uploadPath } from './upload-path'
import { useUpload } from './use-upload'

/** Every file that was ever sent, newest first. */
export function UploadHistory() {
  const m = useMessages().history
  const query = useInfiniteQuery(uploadsQuery)
  const uploads = query.data?.pages.flatMap(({ items }) => items)

  return (
    <Card title={m.title} description={m.description}>
      <Paged query={query} hasSome={uploads !== undefined} errorTitle={m.errorTitle} moreLabel={m.more}>
        {uploads?.length === 0 && (
          <EmptyState icon={FileText} title={m.emptyTitle}>
            {m.empty}
          </EmptyState>
        )}
        {uploads && uploads.length > 0 && (
          <ul className="divide-y divide-line">
            {uploads.map((upload) => (
              <li key={upload.id}>
                <HistoryRow known={upload} />
              </li>
            ))}
          </ul>
        )}
      </Paged>
    </Card>
  )
}

function HistoryRow({ known }: { known: Upload }) {
  const messages = useMessages()
  const m = messages.history
  const { format } = useSession()
  // Only what is not over yet is looked at again.
  const followed = useUpload(isFinal(known) ? undefined : known.id, known)
  const upload = isFinal(known) ? known : (followed.upload ?? known)
  const { tone, label } = describeStatus(upload, messages)
  const { report } = upload
  return (
    <div className="space-y-3 py-3">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <Link
          href={uploadPath(upload.id)}
          className="flex min-h-touch min-w-0 flex-1 basis-40 flex-col justify-center rounded-control underline-offset-4 hover:underline"
        >
          <span className="font-medium wrap-anywhere">{upload.filename}</span>
        </Link>
        <div className="flex flex-wrap gap-2">
          {upload.is_sample && <Badge tone="warning">{messages.sample.badge}</Badge>}
          <div role="status">
            <Badge tone={tone}>{label}</Badge>
          </div>
        </div>
      </div>
      <p className="-mt-2 text-sm text-muted">
        {format.bytes(upload.size_bytes)}, {format.moment(upload.created_at)}
        {upload.status === 'completed' &&
          report &&
          ` · ${m.counts(format.number(report.orders_new), format.number(report.orders_known + report.orders_changed))}`}
      </p>
      {!isFinal(upload) && <UnderWay upload={upload} isOutOfTouch={followed.isOutOfTouch} />}
    </div>
  )
}
