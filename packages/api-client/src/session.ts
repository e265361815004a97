export type Send = (request: Request) => Promise<Response>

/** Here a 401 is about what was sent, or is final, so there is no session to refresh. */
const withoutSession = [
  '/api/auth/login',
  '/api/auth/register',
  '/api/auth/refresh',
  '/api/auth/logout',
  '/api/auth/email/verify',
  '/api/team/invitations/accept',
]

/** A refresh token works once, and all tabs share it: each waits for the one before, and so has the next token. */
function oneTabAtATime<T>(work: () => Promise<T>): Promise<T> {
  const locks = typeof navigator === 'undefined' ? undefined : (navigator.locks as LockManager | undefined)
  // Without locks (an old browser, a page without https) the API's seconds of grace have to do.
  return locks ? locks.request('flux-session', work) : work()
}

/**
 * Wraps `send` so that a request answered 401 is sent once more after the session was refreshed. However many
 * requests fail at once, one refresh is made. When the session is over `onSignedOut` is called, once each time,
 * and the 401 is handed on. A refresh that could not be decided (API away) is handed on as it is: nobody is signed
 * out by a bad connection.
 */
export function keepSession(send: Send, onSignedOut: () => void): Send {
  let refreshing: Promise<Response> | null = null

  async function refresh(origin: string): Promise<Response> {
    const response = await oneTabAtATime(() =>
      send(new Request(new URL('/api/auth/refresh', origin), { method: 'POST', credentials: 'include' })),
    )
    if (response.status === 401) onSignedOut()
    return response
  }

  return async (request) => {
    if (withoutSession.includes(new URL(request.url).pathname)) return send(request)

    const again = request.clone()
    const response = await send(request)
    if (response.status !== 401) return response

    refreshing ??= refresh(request.url).finally(() => {
      refreshing = null
    })
    const refreshed = await refreshing
    if (refreshed.ok) return send(again)
    return refreshed.status === 401 ? response : refreshed.clone()
  }
}
