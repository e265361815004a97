import type { Upload } from '@flux/api-client'
import { Alert } from '@flux/ui'

import { guideOf } from '@/features/exports/guides'
import { Steps } from '@/features/exports/steps'
import { useGuideName } from '@/features/exports/use-guide-name'
import { useMessages } from '@/lib/language'
import { TextLink } from '@/lib/text-link'

/** Why a file was refused, and what to send instead: with the steps for that till where they are known. */
export function Refusal({ upload: { status, report } }: { upload: Upload }) {
  const messages = useMessages()
  const m = messages.latest
  const nameOf = useGuideName()
  const problem = report?.problem
  const guide = guideOf(problem?.right_report ?? null)
  const words = problem && messages.fileProblems[problem.code]
  return (
    <div className="space-y-4">
      <Alert tone="danger" title={status === 'completed' ? m.notDoneTitle : m.failedTitle}>
        {problem && (words ? <p>{words}</p> : <p lang="en">{problem.detail}</p>)}
        {!problem?.right_report && <p>{status === 'completed' ? m.stays : m.failed}</p>}
      </Alert>
      {/* The way on is no part of what went wrong. */}
      {problem?.right_report && (
        <div className="space-y-3">
          <p>
            {m.rightReport} <strong className="font-semibold">{problem.right_report}</strong>
          </p>
          {guide && <Steps guide={guide} />}
          <TextLink href={guide ? `/exports/${guide}` : '/exports'}>
            {guide ? m.stepsOf(nameOf(guide)) : messages.upload.howToExport}
          </TextLink>
        </div>
      )}
    </div>
  )
}
