'use client'

import { Card } from '@flux/ui'

import { useLanguage, useMessages } from '@/lib/language'
import { TextLink } from '@/lib/text-link'

import { ExportsFrame } from './frame'
import type { Guide } from './guides'
import { StepList } from './step-list'
import { guideTexts } from './texts'
import { useGuideName } from './use-guide-name'

/** How to export from one till. */
export function GuidePage({ guide }: { guide: Guide }) {
  const m = useMessages().exports
  const [language] = useLanguage()
  const name = useGuideName()(guide)
  const { report, notes } = guideTexts[language][guide]
  return (
    <ExportsFrame title={m.titleOf(name)} intro={m.wanted(report)}>
      <Card title={m.steps}>
        <StepList guide={guide} />
      </Card>
      <Card title={m.notes}>
        <ul className="list-disc space-y-2 pl-5 marker:text-muted">
          {notes.map((note) => (
            <li key={note} className="pl-1">
              {note}
            </li>
          ))}
        </ul>
      </Card>
      <p>
        <TextLink href="/exports">{m.others}</TextLink>
      </p>
    </ExportsFrame>
  )
}
