import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, test, vi } from 'vitest'

import { Tabs } from '.'

const items = [
  { value: 'revenue', label: 'By revenue', content: 'Margherita earns most' },
  { value: 'quantity', label: 'By quantity', content: 'Espresso sells most' },
]

test('the first tab is open, and a click opens another in its place', async () => {
  render(<Tabs label="Top items" items={items} />)
  expect(screen.getByRole('tablist', { name: 'Top items' })).toBeVisible()
  expect(screen.getByRole('tabpanel', { name: 'By revenue' })).toHaveTextContent('Margherita')
  await userEvent.click(screen.getByRole('tab', { name: 'By quantity' }))
  expect(screen.getByRole('tabpanel')).toHaveTextContent('Espresso')
  expect(screen.getByRole('tabpanel')).toHaveAccessibleName('By quantity')
})

test('the arrow keys go round the tabs', async () => {
  render(<Tabs label="Top items" items={items} />)
  await userEvent.tab()
  expect(screen.getByRole('tab', { name: 'By revenue' })).toHaveFocus()
  await userEvent.keyboard('{ArrowRight}')
  expect(screen.getByRole('tab', { name: 'By quantity' })).toHaveAttribute('aria-selected', 'true')
  await userEvent.keyboard('{ArrowRight}')
  expect(screen.getByRole('tab', { name: 'By revenue' })).toHaveFocus()
  expect(screen.getByRole('tab', { name: 'By revenue' })).toHaveAttribute('aria-selected', 'true')
})

test('a choice kept elsewhere decides what is open', async () => {
  const onChange = vi.fn()
  const { rerender } = render(<Tabs label="Top items" items={items} value="revenue" onChange={onChange} />)
  await userEvent.click(screen.getByRole('tab', { name: 'By quantity' }))
  expect(onChange).toHaveBeenCalledWith('quantity')
  expect(screen.getByRole('tabpanel')).toHaveTextContent('Margherita')
  rerender(<Tabs label="Top items" items={items} value="quantity" onChange={onChange} />)
  expect(screen.getByRole('tabpanel')).toHaveTextContent('Espresso')
})
