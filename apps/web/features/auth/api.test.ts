import { afterEach, expect, test, vi } from 'vitest'

import { register } from './api'

const form = {
  email: 'ana@example.com',
  password: 'four plain words here',
  restaurant_name: 'Pizza Place',
  country: 'US',
  currency: 'USD',
  timezone: 'America/New_York',
}

/** Answers each address with a status, and says which were asked. */
function answer(statuses: Record<string, number>): string[] {
  const asked: string[] = []
  vi.stubGlobal('fetch', (request: Request) => {
    const path = new URL(request.url).pathname
    asked.push(path)
    const status = statuses[path] ?? 500
    return status === 0
      ? Promise.reject(new TypeError('Failed to fetch'))
      : Promise.resolve(Response.json({ code: 'some_code', detail: 'Some words.' }, { status }))
  })
  return asked
}

afterEach(() => {
  vi.unstubAllGlobals()
})

test('where addresses need not be confirmed, registering opens a session', async () => {
  answer({ '/api/auth/register': 201, '/api/auth/login': 200 })
  await expect(register(form)).resolves.toEqual({ isLoggedIn: true })
})

test.each([401, 429, 503, 0])(
  'a login answered %d afterwards leaves the mail as the way in',
  async (status) => {
    const asked = answer({ '/api/auth/register': 201, '/api/auth/login': status })
    await expect(register(form)).resolves.toEqual({ isLoggedIn: false })
    expect(asked).toEqual(['/api/auth/register', '/api/auth/login'])
  },
)

test('without an account made nobody tries to log in', async () => {
  const asked = answer({ '/api/auth/register': 422 })
  await expect(register(form)).rejects.toMatchObject({ status: 422 })
  expect(asked).toEqual(['/api/auth/register'])
})
