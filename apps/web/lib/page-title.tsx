'use client'

import { useMessages } from './language'
import type { Messages } from './messages/en'

/** What the tab says. Not the metadata of Next, which is built once, in English. */
export function PageTitle({ page }: { page: keyof Messages['titles'] }) {
  const m = useMessages()
  return <title>{`${m.titles[page]} · ${m.product}`}</title>
}
