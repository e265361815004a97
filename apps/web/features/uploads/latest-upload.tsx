'use client'

import { Badge, Button, Card, EmptyState, Skeleton } from '@flux/ui'
import { FileText } from 'lucide-react'
import Link from 'next/link'

import { useSession } from '@/features/auth/session'
import { ErrorAlert } from '@/lib/error-alert'
import { useMessages } from '@/lib/language'

import { Outcome } from './outcome'
import { describeStatus } from './status'
import { useLatestUpload } from './use-upload'
import { uploadPath } from './upload-path'

/** What became of the file sent last: on its way, understood, or refused and why. All of it is on its own page. */
export function LatestUpload() {
  const messages = useMessages()
  const m = messages.latest
  const { format } = useSession()
  const { upload, latest, isOutOfTouch } = useLatestUpload()

  if (upload === undefined) {
    return (
      <Card title={m.title}>
        {latest.error ? (
          <ErrorAlert
            error={latest.error}
            title={m.errorTitle}
            onRetry={() => void latest.refetch()}
            isRetrying={latest.isFetching}
          />
        ) : (
          <div aria-busy className="space-y-4">
            <span className="sr-only">{messages.loading}</span>
            <Skeleton className="h-5 w-2/3" />
            <Skeleton className="h-24" />
          </div>
        )}
      </Card>
    )
  }
  if (upload === null) {
    return (
      <Card title={m.title}>
        <EmptyState icon={FileText} title={m.emptyTitle}>
          {m.empty}
        </EmptyState>
      </Card>
    )
  }

  const { tone, label } = describeStatus(upload, messages)
  return (
    <Card
      title={m.title}
      description={
        <>
          <span className="text-ink">{upload.filename}</span>
          <br />
          {m.received(format.bytes(upload.size_bytes), format.moment(upload.created_at))}
        </>
      }
      aside={
        <div role="status">
          <Badge tone={tone}>{label}</Badge>
        </div>
      }
    >
      <div className="space-y-5">
        <Outcome upload={upload} isOutOfTouch={isOutOfTouch} />
        <Button asChild look="secondary" className="w-full sm:w-auto">
          <Link href={uploadPath(upload.id)}>{upload.status === 'needs_mapping' ? m.help : m.details}</Link>
        </Button>
      </div>
    </Card>
  )
}
