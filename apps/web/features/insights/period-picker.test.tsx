import { fireEvent, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, test, vi } from 'vitest'

import { PeriodPicker } from './period-picker'

const period = { from: '2026-03-02', to: '2026-03-29' }

function setUp() {
  const onChoose = vi.fn()
  render(<PeriodPicker choice={period} period={period} onChoose={onChoose} />)
  return { onChoose, from: screen.getByLabelText('From'), to: screen.getByLabelText('To') }
}

test('other days are asked for when they were typed, and not before', async () => {
  const { onChoose, from } = setUp()
  fireEvent.change(from, { target: { value: '2026-01-01' } })
  expect(onChoose).not.toHaveBeenCalled()
  await userEvent.click(from)
  await userEvent.keyboard('{Enter}')
  expect(onChoose).toHaveBeenCalledWith({ from: '2026-01-01', to: '2026-03-29' })
})

test.each([
  ['2026-03-30', 'The last day is before the first one.'],
  ['2020-01-01', 'Choose at most three years.'],
])('days from %s on are refused in words', (first, words) => {
  const { onChoose, from } = setUp()
  fireEvent.change(from, { target: { value: first } })
  fireEvent.blur(from)
  expect(from).toHaveAccessibleDescription(words)
  expect(from).toBeInvalid()
  expect(onChoose).not.toHaveBeenCalled()
})

test('a day that is not typed whole changes nothing', () => {
  const { onChoose, to } = setUp()
  fireEvent.change(to, { target: { value: '' } })
  fireEvent.blur(to)
  expect(onChoose).not.toHaveBeenCalled()
})
