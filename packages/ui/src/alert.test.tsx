import { render, screen } from '@testing-library/react'
import { expect, test } from 'vitest'

import { Alert } from '.'

test('a danger interrupts, anything else waits its turn', () => {
  const { rerender } = render(<Alert tone="danger" title="The file was not sent" />)
  expect(screen.getByRole('alert')).toHaveTextContent('The file was not sent')
  rerender(<Alert tone="info" title="Nothing new" />)
  expect(screen.queryByRole('alert')).toBeNull()
  expect(screen.getByRole('status')).toHaveTextContent('Nothing new')
})
