import { render, screen } from '@testing-library/react'
import { House, Users } from 'lucide-react'
import { expect, test } from 'vitest'

import { TabBar } from './tab-bar'

const items = [
  { href: '/home', label: 'Home', icon: House },
  { href: '/home/team', label: 'Team', icon: Users },
]

test('the tabs are links in a navigation, and the one of the page is marked', () => {
  render(
    <TabBar
      label="Main"
      items={items}
      currentPath="/home/team"
      Link={(props) => <a {...props}>{props.children}</a>}
    />,
  )
  expect(screen.getByRole('navigation', { name: 'Main' })).toBeVisible()
  expect(screen.getByRole('link', { name: 'Team' })).toHaveAttribute('aria-current', 'page')
  expect(screen.getByRole('link', { name: 'Home' })).not.toHaveAttribute('aria-current')
})

test('a page below one belongs to it', () => {
  render(
    <TabBar
      label="Main"
      items={items}
      currentPath="/home/team/ana"
      Link={(props) => <a {...props}>{props.children}</a>}
    />,
  )
  expect(screen.getAllByRole('link', { current: 'page' })).toEqual([
    screen.getByRole('link', { name: 'Team' }),
  ])
})
