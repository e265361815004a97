import { describe, expect, test, vi } from 'vitest'

import { createClient, unwrap, type Client } from './client'
import { ApiProblem, Unreachable } from './problem'

const origin = 'https://flux.test'
const account = { id: 'u1', email: 'ana@example.com', restaurants: [] }

const json = (status: number, body: unknown) => Response.json(body, { status })
const problem = (status: number, code: string) => json(status, { code, detail: `About ${code}.` })
const path = (request: Request) => new URL(request.url).pathname

function setUp(send: (request: Request) => Response | Promise<Response>) {
  const onSignedOut = vi.fn()
  const sent = vi.fn((request: Request) => Promise.resolve(send(request)))
  const client = createClient({ origin, onSignedOut, send: sent })
  const paths = () => sent.mock.calls.map(([request]) => path(request))
  return { client, onSignedOut, sent, paths }
}

/** An API whose access token has run out until the session is refreshed. */
function expiredSession(refresh: () => Response) {
  let isFresh = false
  return setUp((request) => {
    if (path(request) !== '/api/auth/refresh')
      return isFresh ? json(200, account) : problem(401, 'signed_out')
    const response = refresh()
    isFresh = response.ok
    return response
  })
}

describe('the session', () => {
  test('sends cookies', async () => {
    const { client, sent } = setUp(() => json(200, account))
    await unwrap(client.GET('/api/auth/me'))
    expect(sent.mock.calls[0]?.[0].credentials).toBe('include')
  })

  test('is refreshed on a 401 and the request is sent once more', async () => {
    const { client, onSignedOut, paths } = expiredSession(() => json(200, {}))
    await expect(unwrap(client.GET('/api/auth/me'))).resolves.toEqual(account)
    expect(paths()).toEqual(['/api/auth/me', '/api/auth/refresh', '/api/auth/me'])
    expect(onSignedOut).not.toHaveBeenCalled()
  })

  test('is refreshed by one tab at a time, since a refresh token works once', async () => {
    let last: Promise<unknown> = Promise.resolve()
    const request = (_: string, work: () => Promise<unknown>) => (last = last.then(work))
    vi.stubGlobal('navigator', { locks: { request } })
    let refreshing = 0
    let most = 0
    const tab = () => {
      let isFresh = false
      return setUp(async (asked) => {
        if (path(asked) !== '/api/auth/refresh')
          return isFresh ? json(200, account) : problem(401, 'signed_out')
        most = Math.max(most, ++refreshing)
        await new Promise((resolve) => setTimeout(resolve))
        refreshing--
        isFresh = true
        return json(200, {})
      })
    }
    const tabs = Array.from({ length: 4 }, tab)
    await Promise.all(tabs.map(({ client }) => unwrap(client.GET('/api/auth/me'))))
    vi.unstubAllGlobals()
    expect(most).toBe(1)
    tabs.forEach(({ onSignedOut }) => {
      expect(onSignedOut).not.toHaveBeenCalled()
    })
  })

  test('is refreshed once for many requests, and a body is sent again whole', async () => {
    const bodies: string[] = []
    let isFresh = false
    const { client, paths } = setUp(async (request) => {
      if (path(request) === '/api/auth/refresh') {
        await Promise.resolve()
        isFresh = true
        return json(200, {})
      }
      if (!isFresh) return problem(401, 'signed_out')
      bodies.push(await request.text())
      return json(201, {})
    })
    const body = { filename: 'a.csv', size_bytes: 1, content_type: 'text/csv' }
    await Promise.all([1, 2, 3].map(() => unwrap(client.POST('/api/data/uploads', { body }))))
    expect(paths().filter((p) => p === '/api/auth/refresh')).toHaveLength(1)
    expect(bodies).toEqual(Array(3).fill(JSON.stringify(body)))
  })

  test('that is over signs out', async () => {
    const { client, onSignedOut } = expiredSession(() => problem(401, 'session_over'))
    await expect(unwrap(client.GET('/api/auth/me'))).rejects.toMatchObject({ status: 401 })
    expect(onSignedOut).toHaveBeenCalledOnce()
  })

  test('that could not be refreshed because the API is away signs nobody out', async () => {
    const { client, onSignedOut } = expiredSession(() => problem(503, 'unavailable'))
    await expect(unwrap(client.GET('/api/auth/me'))).rejects.toMatchObject({ status: 503 })
    expect(onSignedOut).not.toHaveBeenCalled()
  })

  test.each([
    [
      '/api/auth/login',
      (client: Client) => client.POST('/api/auth/login', { body: { email: 'a@b.co', password: 'x' } }),
    ],
    [
      '/api/auth/email/verify',
      (client: Client) => client.POST('/api/auth/email/verify', { body: { token: 't', password: 'x' } }),
    ],
    [
      '/api/team/invitations/accept',
      (client: Client) =>
        client.POST('/api/team/invitations/accept', { body: { token: 't', password: 'x' } }),
    ],
  ])('is not refreshed when the password was wrong at %s', async (route, ask) => {
    const { client, onSignedOut, paths } = setUp(() => problem(401, 'wrong_credentials'))
    await expect(unwrap<unknown>(ask(client))).rejects.toMatchObject({ code: 'wrong_credentials' })
    expect(paths()).toEqual([route])
    expect(onSignedOut).not.toHaveBeenCalled()
  })
})

describe('an answer', () => {
  test('that is a problem carries its code, words and fields', async () => {
    const errors = [{ pointer: '/email', code: 'invalid', detail: 'Not an e-mail address.' }]
    const { client } = setUp(() =>
      json(422, { code: 'invalid', detail: 'Look again.', request_id: 'r1', errors }),
    )
    const error: unknown = await unwrap(client.GET('/api/auth/me')).catch((e: unknown) => e)
    expect(error).toBeInstanceOf(ApiProblem)
    expect(error).toMatchObject({
      status: 422,
      code: 'invalid',
      detail: 'Look again.',
      fields: errors,
      requestId: 'r1',
    })
  })

  test("that is a proxy's page is a problem all the same", async () => {
    const { client } = setUp(() => new Response('<h1>Bad gateway</h1>', { status: 502 }))
    await expect(unwrap(client.GET('/api/auth/me'))).rejects.toMatchObject({ status: 502, code: 'unknown' })
  })

  test('that never came is said to be unreachable', async () => {
    const { client } = setUp(() => Promise.reject(new TypeError('Failed to fetch')))
    await expect(unwrap(client.GET('/api/auth/me'))).rejects.toBeInstanceOf(Unreachable)
  })

  test('without a body is nothing', async () => {
    const { client } = setUp(() => new Response(null, { status: 204 }))
    await expect(unwrap(client.POST('/api/auth/logout'))).resolves.toBeUndefined()
  })
})

test('what is asked at once is sent one request a task', async () => {
  const order: string[] = []
  vi.stubGlobal('fetch', () => {
    order.push('sent')
    queueMicrotask(() => order.push('task over'))
    return Promise.resolve(json(200, account))
  })
  const client = createClient({ origin, onSignedOut: vi.fn() })
  await Promise.all([client.GET('/api/auth/me'), client.GET('/api/auth/me')])
  vi.unstubAllGlobals()
  expect(order).toEqual(['sent', 'task over', 'sent', 'task over'])
})
