'use client'

import { ChevronRight } from 'lucide-react'

import { useLanguage, useMessages } from '@/lib/language'
import { Link } from '@/lib/link'

import { ExportsFrame } from './frame'
import { guides } from './guides'
import { guideTexts } from './texts'
import { useGuideName } from './use-guide-name'

/** Which till is it? */
export function ExportsPage() {
  const m = useMessages()
  const [language] = useLanguage()
  const nameOf = useGuideName()
  return (
    <ExportsFrame title={m.titles.exports} intro={m.exports.intro}>
      <ul className="divide-y divide-line overflow-hidden rounded-card border border-line bg-surface">
        {guides.map((guide) => (
          <li key={guide}>
            <Link
              href={`/exports/${guide}`}
              className="flex min-h-14 items-center gap-4 px-4 py-2 hover:bg-raised focus-visible:-outline-offset-2"
            >
              <span className="min-w-0 flex-1">
                <span className="block font-medium">{nameOf(guide)}</span>
                <span className="block text-sm text-muted">{guideTexts[language][guide].report}</span>
              </span>
              <ChevronRight aria-hidden className="size-4 shrink-0 text-muted" />
            </Link>
          </li>
        ))}
      </ul>
    </ExportsFrame>
  )
}
