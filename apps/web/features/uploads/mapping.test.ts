import { expect, test } from 'vitest'

import { findGaps, proposedChoices, toMapping } from './mapping'

const column = (number: number, proposal: 'item' | 'date' | null) => ({
  number,
  name: `c${number}`,
  samples: [],
  proposal,
})

test('what Flux takes a column for is chosen already, of two for the same the first', () => {
  const columns = [column(1, 'item'), column(2, null), column(3, 'item'), column(4, 'date')]
  expect(proposedChoices({ columns })).toEqual({ 1: 'item', 4: 'date' })
})

test.each([
  [{}, ['item_missing', 'date_missing', 'amount_missing']],
  [{ 1: 'item', 2: 'date_and_time', 3: 'line_amount' }, []],
  [{ 1: 'item', 2: 'date', 3: 'time', 4: 'unit_price', 5: 'quantity' }, []],
  [{ 1: 'item', 2: 'date', 3: 'date_and_time', 4: 'unit_price' }, ['date_twice']],
  [{ 1: 'item', 2: 'time', 3: 'date_and_time', 4: 'unit_price' }, ['time_twice']],
  [{ 1: 'item', 2: 'date', 3: 'line_amount', 4: 'unit_price' }, ['amount_twice']],
  [{ 1: 'item', 2: 'item', 3: 'date', 4: 'line_amount' }, ['twice']],
] as const)('of %j is said: %j', (choices, gaps) => {
  expect(findGaps(choices)).toEqual(gaps)
})

test('the API hears of the columns that hold something, by their numbers', () => {
  expect(toMapping({ 1: 'item', 2: undefined, 3: 'date' }, 'Harbour')).toEqual({
    columns: { item: 1, date: 3 },
    location: 'Harbour',
  })
})
