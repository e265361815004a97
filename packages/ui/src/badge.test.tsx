import { render, screen } from '@testing-library/react'
import { expect, test } from 'vitest'

import { Badge } from '.'

test('a badge tells its tone by an icon of its own, not by colour alone', () => {
  render(
    <>
      <Badge tone="success">Done</Badge>
      <Badge tone="warning">In part</Badge>
      <Badge tone="danger">Not used</Badge>
      <Badge tone="info">Reading</Badge>
    </>,
  )
  const icons = ['Done', 'In part', 'Not used', 'Reading'].map(
    (word) => screen.getByText(word).querySelector('svg[aria-hidden]')?.innerHTML,
  )
  expect(icons).not.toContain(undefined)
  expect(new Set(icons).size).toBe(4)
})
