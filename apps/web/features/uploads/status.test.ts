import { expect, test } from 'vitest'

import { en } from '@/lib/messages/en'

import { describeStatus, isFinal, pollInterval } from './status'

const now = new Date('2026-01-01T12:00:00Z')
const justNow = '2026-01-01T11:59:50Z'
const anHourAgo = '2026-01-01T11:00:00Z'

test.each([
  ['processing', justNow, 500],
  ['processing', anHourAgo, 500],
  ['awaiting_file', justNow, 500],
  ['awaiting_file', anHourAgo, 5_000],
  ['completed', justNow, false],
  ['failed', justNow, false],
  ['needs_mapping', justNow, false],
  ['cancelled', justNow, false],
  ['undone', justNow, false],
] as const)('an upload that is %s since %s is looked at again after %s', (status, created_at, expected) => {
  expect(pollInterval({ status, created_at, requested: null }, now)).toBe(expected)
})

test('a completed upload that is being undone is looked at until it is', () => {
  const upload = { status: 'completed', requested: 'undo', created_at: anHourAgo, report: null } as const
  expect(isFinal(upload)).toBe(false)
  expect(pollInterval(upload, now)).toBe(500)
  expect(describeStatus(upload, en).label).toBe('Being undone')
})
