import { render, screen } from '@testing-library/react'
import { expect, test } from 'vitest'

import { Skeleton } from '.'

test('the shape of what is loading is not read out', () => {
  render(
    <div role="status">
      <Skeleton className="h-14" />
    </div>,
  )
  expect(screen.getByRole('status').firstElementChild).toHaveAttribute('aria-hidden', 'true')
})
