import { render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { ChartNoAxesColumn, Settings } from 'lucide-react'
import { expect, test } from 'vitest'

import { Drawer, Sidebar, type LinkComponent } from '.'

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

test('the drawer holds the sidebar, closes with Escape and gives the focus back', async () => {
  render(
    <Drawer title="Menu" openLabel="Open menu" closeLabel="Close menu" locationKey="/dashboard">
      {sidebar}
    </Drawer>,
  )
  expect(screen.queryByRole('navigation')).toBeNull()
  await userEvent.click(screen.getByRole('button', { name: 'Open menu' }))
  expect(within(await screen.findByRole('dialog', { name: 'Menu' })).getByRole('navigation')).toBeVisible()
  await userEvent.keyboard('{Escape}')
  expect(screen.queryByRole('dialog')).toBeNull()
  expect(screen.getByRole('button', { name: 'Open menu' })).toHaveFocus()
})

test('the drawer closes when one has moved on', async () => {
  const drawerAt = (path: string) => (
    <Drawer title="Menu" openLabel="Open menu" closeLabel="Close menu" locationKey={path}>
      {sidebar}
    </Drawer>
  )
  const { rerender } = render(drawerAt('/dashboard'))
  await userEvent.click(screen.getByRole('button', { name: 'Open menu' }))
  expect(await screen.findByRole('dialog')).toBeVisible()
  rerender(drawerAt('/settings'))
  expect(screen.queryByRole('dialog')).toBeNull()
})
