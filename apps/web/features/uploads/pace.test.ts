import { expect, test } from 'vitest'

import { createPace } from './pace'

function paceAt() {
  let now = 0
  const pace = createPace(() => now)
  return (second: number, done: number, total: number) => {
    now = second * 1000
    return pace(done, total)
  }
}

test('nothing is said before there is something to go by', () => {
  const at = paceAt()
  expect(at(0, 0, 100)).toBeNull()
  expect(at(0.5, 10, 100)).toBeNull()
  expect(at(5, 0, 100)).toBeNull()
})

test('the rest takes as long as the speed says', () => {
  const at = paceAt()
  at(0, 0, 100)
  expect(at(2, 20, 100)).toBe(8)
  expect(at(4, 40, 100)).toBe(6)
})

test('only the last seconds count, so that a slow start is forgotten', () => {
  const at = paceAt()
  at(0, 0, 1000)
  at(60, 10, 1000)
  at(65, 260, 1000)
  expect(at(71, 560, 1000)).toBeLessThan(10)
})

test('the last moment is a second, not none', () => {
  const at = paceAt()
  at(0, 0, 100)
  expect(at(10, 99.99, 100)).toBe(1)
})
