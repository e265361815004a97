import { fireEvent, render, screen } from '@testing-library/react'
import type { ComponentProps } from 'react'
import { expect, test, vi } from 'vitest'

import { Link } from './link'

vi.mock('next/link', () => ({
  default: ({ prefetch, children, ...props }: ComponentProps<'a'> & { prefetch: boolean | null }) => (
    <a {...props} data-ahead={prefetch !== false}>
      {children}
    </a>
  ),
}))

test.each([
  ['a pointer', fireEvent.pointerEnter],
  ['a finger', fireEvent.touchStart],
  ['the keyboard', fireEvent.focus],
])('a page is loaded ahead once %s is on the link to it', (_, mean) => {
  render(<Link href="/dashboard">Dashboard</Link>)
  const link = screen.getByRole('link', { name: 'Dashboard' })
  expect(link).toHaveAttribute('data-ahead', 'false')
  mean(link)
  expect(link).toHaveAttribute('data-ahead', 'true')
})
