import { render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, test } from 'vitest'

import { Disclosure } from '.'

test('what only some want to read is closed until asked for', async () => {
  render(<Disclosure label="How we read your file">Dates month first</Disclosure>)
  expect(screen.queryByText('Dates month first')).toBeNull()
  await userEvent.click(screen.getByText('How we read your file'))
  expect(await screen.findByText('Dates month first')).toBeVisible()
  await userEvent.click(screen.getByText('How we read your file'))
  await waitFor(() => {
    expect(screen.queryByText('Dates month first')).toBeNull()
  })
})
