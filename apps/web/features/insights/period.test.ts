import { expect, test } from 'vitest'

import { countDays, isPeriod, periodOf, readChoice, writeChoice } from './period'

const read = (query: string) => readChoice(new URLSearchParams(query))

test('so many days end on the last day with sales, which is one of them', () => {
  expect(periodOf({ days: 7 }, '2026-03-03')).toEqual({ from: '2026-02-25', to: '2026-03-03' })
  expect(countDays(periodOf({ days: 365 }, '2024-12-31'))).toBe(365)
})

test('what is chosen comes back from the address', () => {
  for (const choice of [{ days: 90 } as const, { from: '2026-01-01', to: '2026-01-31' }]) {
    expect(read(new URLSearchParams(writeChoice(choice)).toString())).toEqual(choice)
  }
})

test.each([
  '',
  'days=8',
  'from=2026-01-01',
  'from=2026-02-30&to=2026-03-01',
  'from=2026-02-02&to=2026-02-01',
  'from=2016-01-01&to=2026-01-01',
  'from=x&to=y',
])('an address that says %j shows the usual 28 days', (query) => {
  expect(read(query)).toEqual({ days: 28 })
})

test('a period has one day at least, and three years at most', () => {
  expect(isPeriod({ from: '2026-01-01', to: '2026-01-01' })).toBe(true)
  expect(isPeriod({ from: '2023-01-01', to: '2026-01-02' })).toBe(true)
  expect(isPeriod({ from: '2023-01-01', to: '2026-01-03' })).toBe(false)
  expect(isPeriod({ from: '', to: '2026-01-03' })).toBe(false)
})
