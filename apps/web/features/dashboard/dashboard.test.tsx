import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { answerBy, me, renderPage, summary, upload } from '@/features/insights/fake-api'

import { Dashboard } from './dashboard'

const router = { replace: vi.fn(), push: vi.fn() }
let query: string

vi.mock('next/navigation', () => ({
  useRouter: () => router,
  usePathname: () => '/dashboard',
  useSearchParams: () => new URLSearchParams(query),
}))

const march = { first: '2026-03-02', last: '2026-03-29' }
const february = { first: '2026-02-02', last: '2026-03-01' }
const before = { period: february, orders: 80, net_minor: 200_000, average_check_minor: 2500, is_known: true }
const sales = {
  period: march,
  currency: 'USD',
  orders: 100,
  net_minor: 250_000,
  average_check_minor: 2500,
  comparisons: [
    { ...before, kind: 'previous' },
    { ...before, kind: 'same_weekdays' },
  ],
}
const answers = {
  'GET /api/auth/me': me(),
  'GET /api/data/uploads': { items: [upload], next_cursor: null },
  'GET /api/data/uploads/u1': upload,
  'GET /api/insights/summary': summary,
  'GET /api/insights/sales': sales,
  'GET /api/insights/days': {
    period: march,
    currency: 'USD',
    days: [
      { business_date: '2026-03-28', orders: 0, net_minor: 0 },
      { business_date: '2026-03-29', orders: 100, net_minor: 250_000 },
    ],
  },
  'GET /api/insights/items': {
    period: march,
    currency: 'USD',
    items_total: 30,
    items: [{ key: 'soup', name: 'Soup', quantity: 40, lines: 40, net_minor: 80_000 }],
  },
  'GET /api/insights/categories': {
    period: march,
    currency: 'USD',
    categories: [{ key: '', name: null, quantity: 40, lines: 40, net_minor: 80_000 }],
    without_lines_minor: 1234,
  },
  'GET /api/insights/hours': {
    period: march,
    currency: 'USD',
    day_starts_hour: 4,
    hours: [
      { weekday: 5, hour: 22, orders: 60, net_minor: 150_000 },
      { weekday: 5, hour: 1, orders: 1, net_minor: 100_000 },
    ],
  },
}
const noSales = {
  ...summary,
  orders: 0,
  items: 0,
  net_minor: 0,
  first_business_date: null,
  last_business_date: null,
}
const nothing = {
  ...answers,
  'GET /api/data/uploads': { items: [], next_cursor: null },
  'GET /api/insights/summary': noSales,
}
const region = (name: string) => screen.findByRole('region', { name })

beforeEach(() => {
  query = ''
  vi.clearAllMocks()
})

afterEach(() => {
  vi.unstubAllGlobals()
})

test('before the first file it leads to the upload, and to a sample', async () => {
  const asked = answerBy({
    ...nothing,
    'POST /api/data/sample': {
      ...upload,
      is_sample: true,
      status: 'processing',
      progress: 0.4,
      rows_read: 12_345,
    },
    'GET /api/data/uploads/u1': {
      ...upload,
      is_sample: true,
      status: 'processing',
      progress: 0.4,
      rows_read: 12_345,
    },
  })
  renderPage(<Dashboard />)
  const empty = within(await region('Sales so far'))
  expect(empty.getByRole('link', { name: 'Upload your first file' })).toHaveAttribute(
    'href',
    '/dashboard/data',
  )
  await userEvent.click(empty.getByRole('button', { name: 'Look around with sample sales' }))
  const latest = within(await region('Latest upload'))
  expect(await latest.findByRole('progressbar')).toHaveAttribute('aria-valuenow', '40')
  expect(latest.getByText(/^12,345 rows read · /)).toBeVisible()
  expect(asked).toContain('POST /api/data/sample')
})

test('the figures are asked for after the upload whose end they are to know of', async () => {
  const asked = answerBy(answers)
  renderPage(<Dashboard />)
  await region('Key figures')
  const inTurn = ['GET /api/data/uploads?limit=1', 'GET /api/insights/summary']
  expect(asked.filter((each) => inTurn.includes(each))).toEqual(inTurn)
})

test('a sample that is refused says why', async () => {
  answerBy({
    ...nothing,
    'POST /api/data/sample': () =>
      Response.json({ code: 'sample_mix', detail: 'You have sales of your own.' }, { status: 409 }),
  })
  renderPage(<Dashboard />)
  await userEvent.click(await screen.findByRole('button', { name: 'Look around with sample sales' }))
  expect(await screen.findByRole('alert')).toHaveTextContent('You have sales of your own.')
})

test('a viewer is told to wait, and offered nothing they may not do', async () => {
  answerBy({ ...nothing, 'GET /api/auth/me': me('viewer') })
  renderPage(<Dashboard />)
  const empty = within(await region('Sales so far'))
  expect(empty.getByText(/Once an owner or a manager/)).toBeVisible()
  expect(empty.queryByRole('button')).toBeNull()
  expect(empty.queryByRole('link')).toBeNull()
})

test('each key figure stands beside what it was, and leads to its orders', async () => {
  answerBy(answers)
  renderPage(<Dashboard />)
  const figures = within(await region('Key figures'))
  const revenue = await figures.findByRole('link', { name: 'Revenue $2,500.00: see the orders' })
  expect(revenue).toHaveAttribute('href', '/dashboard/rows?from=2026-03-02&to=2026-03-29&days=28')
  // Twice the same days are said once.
  expect(figures.getAllByText('against the 28 days before, the same weekdays')).toHaveLength(3)
  expect(figures.getAllByRole('definition').map(({ textContent }) => textContent)).toEqual([
    '$2,500.00',
    '+25% against the 28 days before, the same weekdays',
    '100',
    '+25% against the 28 days before, the same weekdays',
    '$25.00',
    '0% against the 28 days before, the same weekdays',
  ])
})

test('days that were not known whole are compared with nothing', async () => {
  answerBy({
    ...answers,
    'GET /api/insights/sales': {
      ...sales,
      comparisons: sales.comparisons.map((each) => ({ ...each, is_known: false })),
    },
  })
  renderPage(<Dashboard />)
  const figures = within(await region('Key figures'))
  expect(await figures.findByText('Not compared: Flux knows your sales from Jan 5, 2026 on.')).toBeVisible()
  expect(figures.queryByText(/%/)).toBeNull()
})

test('every chart leads from its figures to their rows', async () => {
  answerBy(answers)
  renderPage(<Dashboard />)
  const link = (name: string | RegExp) => screen.findByRole('link', { name }, { timeout: 10_000 })
  const to = 'from=2026-03-02&to=2026-03-29&days=28'
  expect(await link('Soup, $800.00: see the lines')).toHaveAttribute(
    'href',
    `/dashboard/rows?${to}&item=soup&name=Soup`,
  )
  expect(screen.getByText('1 of 30 items')).toBeVisible()
  expect(screen.getByText(/Your files do not say in which category/)).toBeVisible()
  expect(screen.getByText(/\$12\.34 more are of orders/)).toBeVisible()
  // The night belongs to the day before, so it stands below the evening.
  const grid = within(await screen.findByRole('grid', { name: 'Orders by weekday and hour' }))
  expect(grid.getAllByRole('rowheader').map(({ textContent }) => textContent)).toEqual([
    '10 PM',
    '11 PM',
    '12 AM',
    '1 AM',
  ])
  await userEvent.click(grid.getByRole('gridcell', { name: '60 orders' }))
  expect(await link('Friday, 10 PM: 60 orders')).toHaveAttribute(
    'href',
    `/dashboard/rows?${to}&weekday=5&hour=22`,
  )
  await userEvent.click(await screen.findByText('Show as a table'))
  expect(await link('Sunday, March 29, 2026 $2,500.00: see the orders')).toHaveAttribute(
    'href',
    '/dashboard/rows?from=2026-03-29&to=2026-03-29&days=28',
  )
}, 20_000)

test('another period is written into the address, and asked for from there', async () => {
  const asked = answerBy(answers)
  query = 'days=90'
  renderPage(<Dashboard />)
  const periods = within(await screen.findByRole('group', { name: 'Period' }))
  expect(periods.getByRole('button', { name: '90 days' })).toHaveAttribute('aria-pressed', 'true')
  await waitFor(() => {
    expect(asked).toContain('GET /api/insights/days?from=2025-12-30&to=2026-03-29')
  })
  await userEvent.click(periods.getByRole('button', { name: '7 days' }))
  expect(router.replace).toHaveBeenCalledWith('/dashboard?days=7', { scroll: false })
  await userEvent.click(periods.getByRole('button', { name: 'Other days' }))
  expect(router.replace).toHaveBeenLastCalledWith('/dashboard?from=2025-12-30&to=2026-03-29', {
    scroll: false,
  })
})

test('an answer that cannot be had says so, and can be asked for again', async () => {
  let isAway = true
  answerBy({
    ...answers,
    'GET /api/insights/sales': () =>
      isAway ? Response.json({ code: 'internal_error' }, { status: 500 }) : Response.json(sales),
  })
  renderPage(<Dashboard />)
  const figures = within(await region('Key figures'))
  expect(await figures.findByRole('alert')).toHaveTextContent('The figures could not be loaded')
  isAway = false
  await userEvent.click(figures.getByRole('button', { name: 'Try again' }))
  expect(await figures.findByText('$2,500.00')).toBeVisible()
})

test('the sample is said to be one, and one click takes it away', async () => {
  let requested: string | null = null
  const sample = () =>
    Response.json({ ...upload, is_sample: true, filename: 'sample.csv', requested }, { status: 200 })
  const asked = answerBy({
    ...answers,
    'GET /api/insights/summary': { ...summary, sample_upload_id: 'u1' },
    'GET /api/data/uploads/u1': sample,
    'DELETE /api/data/uploads/u1': () => {
      requested = 'undo'
      return sample()
    },
  })
  renderPage(<Dashboard />)
  expect(await screen.findByText('These are sample sales, not yours')).toBeVisible()
  await userEvent.click(screen.getByRole('button', { name: 'Remove the sample' }))
  expect(await screen.findByText('The sample is being removed')).toBeVisible()
  expect(asked).toContain('DELETE /api/data/uploads/u1')
})
