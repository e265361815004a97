import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, test } from 'vitest'

import { Disclosure } from '.'

test('what only some want to read is closed until asked for', async () => {
  render(<Disclosure label="How we read your file">Dates month first</Disclosure>)
  expect(screen.getByText('Dates month first')).not.toBeVisible()
  await userEvent.click(screen.getByText('How we read your file'))
  expect(screen.getByText('Dates month first')).toBeVisible()
})
