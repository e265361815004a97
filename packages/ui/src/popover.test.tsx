import { render, screen } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'

import { Popover } from './popover'

const hidePopover = vi.fn()

// jsdom has no popovers: that it opens and closes is seen in the browser tests.
Object.assign(HTMLElement.prototype, { hidePopover })

afterEach(() => {
  hidePopover.mockClear()
})

function show(locationKey: string) {
  return (
    <Popover label="Your account" button="A" locationKey={locationKey}>
      <p>ana@example.com</p>
    </Popover>
  )
}

test('the button is named, and opens what belongs to it', () => {
  render(show('/a'))
  const button = screen.getByRole('button', { name: 'Your account' })
  const panel = document.getElementById(button.getAttribute('popovertarget') ?? '')
  expect(panel).toHaveTextContent('ana@example.com')
  expect(panel).toHaveAttribute('popover', 'auto')
})

test('it closes when one has moved on', () => {
  const { rerender } = render(show('/a'))
  hidePopover.mockClear()
  rerender(show('/a'))
  expect(hidePopover).not.toHaveBeenCalled()
  rerender(show('/b'))
  expect(hidePopover).toHaveBeenCalledOnce()
})
