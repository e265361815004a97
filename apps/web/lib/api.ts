import { createClient } from '@flux/api-client'

import { loginPath } from './next-path'

/** Leaves for the login page. A full load, so that nothing of one account stays in memory for the next. */
export function leaveForLogin(comeBackTo = '/'): void {
  window.location.replace(loginPath(comeBackTo))
}

export const api = createClient({
  // Pages are also rendered while building, where there is no origin and nothing is asked.
  origin: typeof window === 'undefined' ? '' : window.location.origin,
  onSignedOut: () => {
    leaveForLogin(window.location.pathname + window.location.search)
  },
})
