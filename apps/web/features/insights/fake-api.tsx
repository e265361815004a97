import type { Account, Summary, Upload } from '@flux/api-client'
import { QueryClientProvider } from '@tanstack/react-query'
import { render } from '@testing-library/react'
import type { ReactNode } from 'react'
import { vi } from 'vitest'

import { SessionGate } from '@/features/auth/session'
import { createQueryClient } from '@/lib/query'

type Ask = (request: Request) => Response
/** What an answer is: a body, or what makes it of the request. */
type Answer = object | Ask

export const restaurant: Account['restaurants'][number] = {
  id: 'r1',
  name: 'Casa Ana',
  role: 'owner',
  timezone: 'America/New_York',
  currency: 'USD',
  country: 'US',
}

export const summary: Summary = {
  orders: 120,
  items: 300,
  net_minor: 500_000,
  currency: 'USD',
  first_business_date: '2026-01-05',
  last_business_date: '2026-03-29',
  today: '2026-04-02',
  sample_upload_id: null,
}

export const upload: Upload = {
  id: 'u1',
  filename: 'march.csv',
  size_bytes: 2048,
  status: 'completed',
  is_sample: false,
  requested: null,
  progress: 1,
  rows_read: 0,
  created_at: '2026-04-01T10:00:00Z',
  report: null,
}

/** Every request of the page is answered by its method and path; what was asked stands in the list. */
export function answerBy(answers: Record<string, Answer>): string[] {
  const asked: string[] = []
  vi.stubGlobal('fetch', (request: Request): Promise<Response> => {
    const { pathname, search } = new URL(request.url)
    asked.push(`${request.method} ${pathname}${search}`)
    const answer = answers[`${request.method} ${pathname}`]
    if (typeof answer === 'function') return Promise.resolve((answer as Ask)(request))
    return Promise.resolve(
      answer ? Response.json(answer) : Response.json({ code: 'not_found' }, { status: 404 }),
    )
  })
  return asked
}

export const me = (role: Account['restaurants'][number]['role'] = 'owner') => ({
  id: 'p1',
  email: 'ana@example.com',
  is_verified: true,
  restaurants: [{ ...restaurant, role }],
})

/** A page as somebody who is logged in sees it. */
export function renderPage(page: ReactNode) {
  return render(
    <QueryClientProvider client={createQueryClient()}>
      <SessionGate>{page}</SessionGate>
    </QueryClientProvider>,
  )
}
