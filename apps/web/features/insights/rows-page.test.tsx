import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, test, vi } from 'vitest'

import { answerBy, me, renderPage } from './fake-api'
import { RowsPage } from './rows-page'

let query: string

vi.mock('next/navigation', () => ({
  useRouter: () => ({}),
  usePathname: () => '/dashboard/rows',
  useSearchParams: () => new URLSearchParams(query),
}))

afterEach(() => {
  vi.unstubAllGlobals()
})

const order = {
  id: 'o1',
  business_date: '2026-03-29',
  occurred_at: '2026-03-29T23:30:00Z',
  number: '1001',
  net_minor: 2000,
  currency: 'USD',
  upload_id: 'u 1',
  filename: 'march.csv',
  row_number: null,
  lines: [
    { item: 'Soup', quantity: 2, net_minor: 1500, row_number: 12 },
    { item: 'Bread', quantity: 1, net_minor: 500, row_number: 13 },
  ],
}
const total = { ...order, id: 'o2', number: null, net_minor: 700, row_number: 1204, lines: [] }
const line = {
  order_id: 'o1',
  business_date: '2026-03-29',
  occurred_at: '2026-03-29T23:30:00Z',
  order_number: '1001',
  item: 'Soup',
  category: null,
  variant: 'large',
  quantity: 2,
  net_minor: 1500,
  currency: 'USD',
  upload_id: 'u1',
  filename: 'march.csv',
  row_number: 12,
}
const rows = async () => (await screen.findAllByRole('listitem')).map(({ textContent }) => textContent)

test('an order is shown with its lines, and each with its row and file', async () => {
  query = 'from=2026-03-02&to=2026-03-29&days=28&weekday=7&hour=19'
  const asked = answerBy({
    'GET /api/auth/me': me(),
    'GET /api/insights/orders': { items: [order, total], next_cursor: null },
  })
  renderPage(<RowsPage />)
  const list = await rows()
  expect(list[0]).toContain('Order 1001')
  expect(list).toContain('2 × Soup row 12$15.00')
  expect(list.at(-1)).toBe('Only the total is known.')
  expect(screen.getByText(/row 1,204/)).toBeVisible()
  const [file] = screen.getAllByRole('link', { name: 'march.csv' })
  expect(file).toHaveAttribute('href', '/dashboard/data/upload?id=u%201')
  expect(screen.getByRole('link', { name: 'Back to the dashboard' })).toHaveAttribute(
    'href',
    '/dashboard?days=28',
  )
  expect(asked).toContain('GET /api/insights/orders?from=2026-03-02&to=2026-03-29&weekday=7&hour=19&limit=20')
})

test('the lines of an item come page by page', async () => {
  query = 'from=2026-03-02&to=2026-03-29&item=soup&name=Soup'
  answerBy({
    'GET /api/auth/me': me(),
    'GET /api/insights/lines': (request: Request) =>
      Response.json(
        request.url.includes('cursor=next')
          ? { items: [{ ...line, row_number: 40 }], next_cursor: null }
          : { items: [line], next_cursor: 'next' },
      ),
  })
  renderPage(<RowsPage />)
  expect(await screen.findByRole('heading', { name: 'Lines of Soup' })).toBeVisible()
  expect(await rows()).toHaveLength(1)
  await userEvent.click(screen.getByRole('button', { name: 'Show more' }))
  expect(await screen.findByText(/row 40/)).toBeVisible()
  expect(screen.queryByRole('button', { name: 'Show more' })).toBeNull()
})

test('what is no period has nothing behind it, and nothing is asked', async () => {
  query = 'from=x&to=2026-03-29'
  const asked = answerBy({ 'GET /api/auth/me': me() })
  renderPage(<RowsPage />)
  expect(await screen.findByText('There is nothing behind this figure.')).toBeVisible()
  expect(asked).toEqual(['GET /api/auth/me'])
})

test('rows that cannot be had can be asked for again', async () => {
  query = 'from=2026-03-02&to=2026-03-29'
  let isAway = true
  answerBy({
    'GET /api/auth/me': me(),
    'GET /api/insights/orders': () =>
      isAway
        ? Response.json({ code: 'internal_error' }, { status: 500 })
        : Response.json({ items: [order], next_cursor: null }),
  })
  renderPage(<RowsPage />)
  const alert = within(await screen.findByRole('alert'))
  isAway = false
  await userEvent.click(alert.getByRole('button', { name: 'Try again' }))
  expect((await rows())[0]).toContain('Order 1001')
})
