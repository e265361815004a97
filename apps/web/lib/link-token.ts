import { useCallback, useSyncExternalStore } from 'react'

/** The pages that links in mail lead to. */
export type LinkPage = '/verify' | '/reset' | '/join'

/** The tab's memory of what was taken out of the address bar; a page gone back to still knows its secret. */
const kept = new Map<LinkPage, string>()

/** The secret in a fragment; null where there is none, such as in a link that was not copied whole. */
export function readToken(fragment: string): string | null {
  return /^#(flux_[\w-]{1,123})$/.exec(fragment)?.[1] ?? null
}

function takeToken(page: LinkPage): void {
  const token = readToken(window.location.hash)
  if (!token) return
  kept.set(page, token)
  // Once all effects of this turn have run, for among them is the router's, which then learns of the new address.
  queueMicrotask(() => {
    window.history.replaceState(null, '', window.location.pathname + window.location.search)
  })
}

/**
 * The secret of the mailed link that led to `page`, which is in no one's sight afterwards: not in the address bar, the
 * history, or a screenshot. `undefined` until the page runs in a browser, null without one.
 */
export function useLinkToken(page: LinkPage): string | null | undefined {
  const subscribe = useCallback(
    (onChange: () => void) => {
      const take = () => {
        takeToken(page)
        onChange()
      }
      take()
      // A newer link opened in the tab that shows an older one.
      window.addEventListener('hashchange', take)
      return () => {
        window.removeEventListener('hashchange', take)
      }
    },
    [page],
  )
  return useSyncExternalStore(
    subscribe,
    () => readToken(window.location.hash) ?? kept.get(page) ?? null,
    () => undefined,
  )
}
