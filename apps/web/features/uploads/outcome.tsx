import { Alert } from '@flux/ui'

import { useMessages } from '@/lib/language'

import type { FollowedUpload } from './api'
import { Refusal } from './refusal'
import { isFinal } from './status'
import { UnderWay } from './under-way'
import { UploadCounts } from './upload-report'

/** Where an upload stands, or what came of it, in short. */
export function Outcome({ upload, isOutOfTouch }: { upload: FollowedUpload; isOutOfTouch: boolean }) {
  const messages = useMessages()
  const m = messages.latest
  const { status, report } = upload
  const problem = report?.problem
  const words = problem && messages.fileProblems[problem.code]
  return (
    <>
      {!isFinal(upload) && <UnderWay upload={upload} isOutOfTouch={isOutOfTouch} />}
      {(status === 'cancelled' || status === 'undone') && <p className="text-muted">{m[status]}</p>}
      {status === 'needs_mapping' && (
        <Alert tone="warning" title={m.mappingTitle}>
          {problem && (words ? <p>{words}</p> : <p lang="en">{problem.detail}</p>)}
          <p>{m.mapping}</p>
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
