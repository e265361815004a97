'use client'

import { Badge, Card, Stepper } from '@flux/ui'
import { useSearchParams } from 'next/navigation'

import { useSession } from '@/features/auth/session'
import { ErrorAlert } from '@/lib/error-alert'
import { isNotFound } from '@/lib/errors'
import { useMessages } from '@/lib/language'
import { TextLink } from '@/lib/text-link'
import { Waiting } from '@/lib/waiting'

import type { FollowedUpload } from './api'
import { MappingForm } from './mapping-form'
import { Outcome } from './outcome'
import { RejectedRows } from './rejected-rows'
import { describeStatus, isFinal } from './status'
import { UploadActions } from './upload-actions'
import { UploadReading } from './upload-report'
import { useUpload } from './use-upload'

/** All there is to say of one file, and all that can be done with it. */
export function UploadPage() {
  const messages = useMessages()
  const m = messages.uploadPage
  const id = useSearchParams().get('id') ?? ''
  const { upload, error, isOutOfTouch, refetch, isFetching } = useUpload(id)
  return (
    <div className="mx-auto max-w-4xl space-y-6">
      <TextLink href="/dashboard/data">{m.back}</TextLink>
      {upload ? (
        <Whole upload={upload} isOutOfTouch={isOutOfTouch} />
      ) : (
        <>
          <h1 className="text-2xl font-semibold">{messages.titles.upload}</h1>
          {error ? (
            <ErrorAlert
              error={error}
              title={m.errorTitle}
              detail={isNotFound(error) ? m.notFound : undefined}
              {...(!isNotFound(error) && { onRetry: () => void refetch(), isRetrying: isFetching })}
            />
          ) : (
            <Waiting shapes={['h-12', 'h-48']} />
          )}
        </>
      )}
    </div>
  )
}

function Whole({ upload, isOutOfTouch }: { upload: FollowedUpload; isOutOfTouch: boolean }) {
  const messages = useMessages()
  const m = messages.uploadPage
  const { restaurant, format } = useSession()
  const { status, report } = upload
  const { tone, label } = describeStatus(upload, messages)
  const mayChange = restaurant.role !== 'viewer'
  const isBeingRead = !isFinal(upload) && !upload.requested
  return (
    <>
      <header className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="min-w-0">
          <h1 className="text-2xl font-semibold wrap-anywhere">{upload.filename}</h1>
          <p className="mt-1 text-sm text-muted">
            {messages.latest.received(format.bytes(upload.size_bytes), format.moment(upload.created_at))}
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          {upload.is_sample && <Badge tone="warning">{messages.sample.badge}</Badge>}
          <div role="status">
            <Badge tone={tone}>{label}</Badge>
          </div>
        </div>
      </header>
      <Card title={m.result}>
        <div className="space-y-6">
          {isBeingRead && (
            <Stepper
              label={m.steps}
              steps={[m.stepSent, m.stepRead, m.stepCounted]}
              current={status === 'awaiting_file' ? 0 : 1}
              doneLabel={m.stepDone}
            />
          )}
          <Outcome upload={upload} isOutOfTouch={isOutOfTouch} />
          {mayChange && <UploadActions upload={upload} />}
        </div>
      </Card>
      {status === 'needs_mapping' && mayChange && <MappingForm key={upload.id} upload={upload} />}
      {report && report.lines_rejected > 0 && status !== 'undone' && (
        <RejectedRows upload={upload} total={report.lines_rejected} />
      )}
      {report && <UploadReading report={report} />}
    </>
  )
}
