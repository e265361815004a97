'use client'

import type { Upload } from '@flux/api-client'
import { Alert, Badge, Card, EmptyState, Progress, Skeleton } from '@flux/ui'
import { FileText } from 'lucide-react'

import { useSession } from '@/features/auth/session'
import { ErrorAlert } from '@/lib/error-alert'
import { useMessages } from '@/lib/language'

import { RejectedRows } from './rejected-rows'
import { statusTone } from './status'
import { UploadReport } from './upload-report'
import { useLatestUpload } from './use-latest-upload'

/** What became of the file sent last: on its way, understood, or refused and why. */
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

  const isInPart = upload.status === 'completed' && (upload.report?.lines_rejected ?? 0) > 0
  const received = m.received(format.bytes(upload.size_bytes), format.moment(upload.created_at))
  return (
    <Card
      title={m.title}
      description={
        <>
          <span className="text-ink">{upload.filename}</span>
          <br />
          {received}
        </>
      }
      aside={
        <div role="status">
          {isInPart ? (
            <Badge tone="warning">{m.status.completedInPart}</Badge>
          ) : (
            <Badge tone={statusTone[upload.status]}>{m.status[upload.status]}</Badge>
          )}
        </div>
      }
    >
      <div className="space-y-6">
        <Outcome upload={upload} />
        {isOutOfTouch && (
          <Alert tone="warning" title={messages.errors.unreachableTitle}>
            {m.lostTouch}
          </Alert>
        )}
      </div>
    </Card>
  )
}

function Outcome({ upload }: { upload: Upload }) {
  const m = useMessages().latest
  const { format } = useSession()
  const { status, filename, progress, report } = upload

  switch (status) {
    case 'awaiting_file':
      return <UnderWay label={m.waiting(filename)} hint={m.waitingHint} value={null} />
    case 'processing':
      return (
        <UnderWay
          label={m.reading(filename)}
          hint={m.readingHint}
          value={progress}
          valueText={format.percent(progress)}
        />
      )
    case 'cancelled':
    case 'undone':
      return <p className="text-muted">{m[status]}</p>
    case 'needs_mapping':
    case 'failed':
      return (
        <>
          <Refusal upload={upload} />
          {report && <UploadReport report={report} />}
          {report && report.lines_rejected > 0 && (
            <RejectedRows upload={upload} total={report.lines_rejected} />
          )}
        </>
      )
    case 'completed':
      return (
        report && (
          <>
            <UploadReport report={report} />
            {report.lines_rejected > 0 && <RejectedRows upload={upload} total={report.lines_rejected} />}
          </>
        )
      )
  }
}

type UnderWayProps = { label: string; hint: string; value: number | null; valueText?: string }

function UnderWay({ label, hint, value, valueText }: UnderWayProps) {
  return (
    <div>
      <Progress label={label} value={value} valueText={valueText} />
      <p className="mt-3 text-sm text-muted">{hint}</p>
    </div>
  )
}

function Refusal({ upload: { status, report } }: { upload: Upload }) {
  const m = useMessages().latest
  const needsMapping = status === 'needs_mapping'
  const problem = report?.problem
  return (
    <Alert tone={needsMapping ? 'warning' : 'danger'} title={needsMapping ? m.mappingTitle : m.failedTitle}>
      {problem && <p>{problem.detail}</p>}
      {problem?.right_report ? (
        <p>
          {m.rightReport} <strong className="font-semibold">{problem.right_report}</strong>
        </p>
      ) : (
        <p>{needsMapping ? m.mapping : m.failed}</p>
      )}
    </Alert>
  )
}
