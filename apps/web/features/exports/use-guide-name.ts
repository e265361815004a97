import { useMessages } from '@/lib/language'

import { guideNames, type Guide } from './guides'

/** What a till is called: a name of its own, or words of ours. */
export function useGuideName(): (guide: Guide) => string {
  const m = useMessages().exports
  return (guide) => (guide === 'dsfinvk' || guide === 'other' ? m[guide] : guideNames[guide])
}
