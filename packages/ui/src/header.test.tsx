import { render, screen, within } from '@testing-library/react'
import { expect, test } from 'vitest'

import { Header } from '.'

test('the header says whose data this is, who looks at it, and holds the actions', () => {
  render(<Header title="Pizza Place" subtitle="ana@example.com" actions={<button>Log out</button>} />)
  const header = within(screen.getByRole('banner'))
  expect(header.getByText('Pizza Place')).toBeVisible()
  expect(header.getByText('ana@example.com')).toBeVisible()
  expect(header.getByRole('button', { name: 'Log out' })).toBeVisible()
})

test('a name too long for the header can be read in full', () => {
  const long = 'Ristorante Pizzeria della Nonna Concetta e Figli, Trastevere'
  render(<Header title={long} subtitle="ana@example.com" />)
  expect(screen.getByTitle(long)).toHaveTextContent(long)
})
