'use client'

import { useLanguage } from '@/lib/language'

import type { Guide } from './guides'
import { guideTexts } from './texts'

/** What to do in the till, one thing after the other. */
export function StepList({ guide }: { guide: Guide }) {
  const [language] = useLanguage()
  return (
    <ol className="list-decimal space-y-2 pl-5 marker:font-semibold marker:text-muted">
      {guideTexts[language][guide].steps.map((step) => (
        <li key={step} className="pl-1">
          {step}
        </li>
      ))}
    </ol>
  )
}
