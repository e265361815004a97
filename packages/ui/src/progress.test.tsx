import { render, screen } from '@testing-library/react'
import { expect, test } from 'vitest'

import { Progress } from '.'

test('progress says what is under way and how far it is', () => {
  render(<Progress label="Sending sales.csv" value={0.421} valueText="42% sent" />)
  const bar = screen.getByRole('progressbar', { name: 'Sending sales.csv' })
  expect(bar).toHaveAttribute('aria-valuenow', '42')
  expect(bar).toHaveAttribute('aria-valuetext', '42% sent')
})

test('progress that nobody knows has no value', () => {
  render(<Progress label="Waiting" value={null} />)
  expect(screen.getByRole('progressbar')).not.toHaveAttribute('aria-valuenow')
})

test.each([
  [-0.2, '0'],
  [1.4, '100'],
])('progress of %d is shown as %s', (value, shown) => {
  render(<Progress label="Reading" value={value} />)
  expect(screen.getByRole('progressbar')).toHaveAttribute('aria-valuenow', shown)
})
