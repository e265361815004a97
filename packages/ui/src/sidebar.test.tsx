import { render, screen, within } from '@testing-library/react'
import { ChartNoAxesColumn, Settings } from 'lucide-react'
import { expect, test } from 'vitest'

import { Sidebar, type LinkComponent } from '.'

const Link: LinkComponent = ({ children, ...rest }) => <a {...rest}>{children}</a>
const items = [
  { href: '/dashboard', label: 'Dashboard', icon: ChartNoAxesColumn },
  { href: '/settings', label: 'Settings', icon: Settings },
]
const sidebar = <Sidebar label="Main" brand="Flux" items={items} currentPath="/dashboard" Link={Link} />

test('the sidebar marks the current page and no other', () => {
  render(sidebar)
  const nav = within(screen.getByRole('navigation', { name: 'Main' }))
  expect(nav.getByRole('link', { name: 'Dashboard' })).toHaveAttribute('aria-current', 'page')
  expect(nav.getByRole('link', { name: 'Settings' })).not.toHaveAttribute('aria-current')
})

test('a page below another is found under the closest link, and of two only one is marked', () => {
  const nested = [...items, { href: '/dashboard/data', label: 'Sales data', icon: Settings }]
  render(
    <Sidebar label="Main" brand="Flux" items={nested} currentPath="/dashboard/data/upload" Link={Link} />,
  )
  expect(screen.getByRole('link', { current: 'page' })).toHaveTextContent('Sales data')
})
