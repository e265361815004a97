import { Alert } from '@flux/ui'

import { useMessages } from '@/lib/language'

import type { FollowedUpload } from './api'
import { Refusal } from './refusal'
import { isFinal } from './status'
import { UnderWay } from './under-way'
import { UploadCounts } from './upload-report'

/** Where an upload stands, or what came of it, in short. */
export function Outcome({ upload, isOutOfTouch }: { upload: FollowedUpload; isOutOfTouch: boolean }) {
  const m = useMessages().latest
  const { status, report } = upload
  return (
    <>
      {!isFinal(upload) && <UnderWay upload={upload} isOutOfTouch={isOutOfTouch} />}
      {(status === 'cancelled' || status === 'undone') && <p className="text-muted">{m[status]}</p>}
      {status === 'needs_mapping' && (
        <Alert tone="warning" title={m.mappingTitle}>
          {m.mapping}
        </Alert>
      )}
      {status === 'failed' && <Refusal upload={upload} />}
      {status === 'completed' && report && (
        <>
          {report.problem && <Refusal upload={upload} />}
          <UploadCounts report={report} />
        </>
      )}
    </>
  )
}
