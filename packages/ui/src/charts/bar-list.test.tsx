import { render, screen, within } from '@testing-library/react'
import { expect, test } from 'vitest'

import { BarList } from '.'

const bars = (items: { name: string; value: number }[]) => {
  render(<BarList label="Top items" items={items} formatValue={(value) => `$${value}`} />)
  return within(screen.getByRole('list', { name: 'Top items' })).getAllByRole('listitem')
}
const width = (item: HTMLElement) => item.querySelector<HTMLElement>('[style]')?.style.width

test('each item is read with its value, in the given order', () => {
  const items = bars([
    { name: 'Margherita', value: 400 },
    { name: 'Espresso', value: 100 },
  ])
  expect(items.map(({ textContent }) => textContent)).toEqual(['Margherita$400', 'Espresso$100'])
})

test('a bar is as long as its value is big, and a refund has none', () => {
  const items = bars([
    { name: 'Margherita', value: 400 },
    { name: 'Espresso', value: 100 },
    { name: 'Voucher', value: -50 },
  ])
  expect(items.map(width)).toEqual(['100%', '25%', '0%'])
})

test('items that sold nothing have no bars', () => {
  expect(bars([{ name: 'Margherita', value: 0 }]).map(width)).toEqual(['0%'])
})

test('an item can lead to what stands behind its value', () => {
  render(
    <BarList
      label="Top items"
      items={[
        { name: 'Tea', key: 'tea-1', value: 3 },
        { name: 'Tea', key: 'tea-2', value: 2 },
      ]}
      formatValue={(value) => `$${value}`}
      renderValue={(index, text) => <a href={`#${index}`}>{text}</a>}
    />,
  )
  expect(screen.getByRole('link', { name: '$2' })).toHaveAttribute('href', '#1')
})
