import { usePathname, useRouter, useSearchParams } from 'next/navigation'
import { useMemo } from 'react'

import { readChoice, writeChoice, type Choice, type Period } from './period'

/** The period that the address names, and how to name another. Going back brings the one before. */
export function usePeriodChoice(): [Choice, (choice: Choice) => void] {
  const query = useSearchParams()
  const path = usePathname()
  const router = useRouter()
  const choice = useMemo(() => readChoice(new URLSearchParams(query)), [query])
  return [
    choice,
    (next) => {
      router.replace(`${path}?${new URLSearchParams(writeChoice(next)).toString()}`, { scroll: false })
    },
  ]
}

export type RowsWanted = {
  weekday?: number
  hour?: number
  item?: string
  category?: string
  /** What the item or category is called. */
  name?: string
}

/** Where the rows behind a figure are shown; `days` brings the dashboard back as it was. */
export function rowsPath(period: Period, choice: Choice, wanted: RowsWanted = {}): string {
  const query = new URLSearchParams({ ...period })
  if ('days' in choice) query.set('days', String(choice.days))
  for (const [key, value] of Object.entries(wanted)) query.set(key, String(value))
  return `/dashboard/rows?${query.toString()}`
}
