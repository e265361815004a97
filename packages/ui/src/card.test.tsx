import { render, screen, within } from '@testing-library/react'
import { expect, test } from 'vitest'

import { Card } from '.'

test('a card with a title is a region of that name, headed by it', () => {
  render(
    <Card title="Sales so far" description="1 March to 7 March" aside={<button>Export</button>}>
      $1,204.00
    </Card>,
  )
  const card = within(screen.getByRole('region', { name: 'Sales so far' }))
  expect(card.getByRole('heading', { level: 2 })).toHaveTextContent('Sales so far')
  expect(card.getByText('1 March to 7 March')).toBeVisible()
  expect(card.getByRole('button', { name: 'Export' })).toBeVisible()
})

test('a card without a title is only a surface', () => {
  render(<Card>Anything</Card>)
  expect(screen.queryByRole('region')).toBeNull()
  expect(screen.queryByRole('heading')).toBeNull()
})
