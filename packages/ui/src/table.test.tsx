import { render, screen, within } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'

import { Table, type Column } from '.'

type Item = { name: string; sold: number }
const columns: Column<Item>[] = [
  { header: 'Item', cell: ({ name }) => name, isRowHeader: true },
  { header: 'Sold', cell: ({ sold }) => sold, isNumber: true },
]
const rows: Item[] = [
  { name: 'Margherita', sold: 320 },
  { name: 'Espresso', sold: 1204 },
]
const topItems = <Table label="Top items" columns={columns} rows={rows} rowKey={({ name }) => name} />

afterEach(() => {
  vi.restoreAllMocks()
})

test('a table has a name, and each value belongs to its row and its column', () => {
  render(topItems)
  const table = within(screen.getByRole('table', { name: 'Top items' }))
  expect(table.getAllByRole('columnheader').map(({ textContent }) => textContent)).toEqual(['Item', 'Sold'])
  const row = within(table.getByRole('row', { name: 'Espresso 1204' }))
  expect(row.getByRole('rowheader')).toHaveTextContent('Espresso')
  expect(row.getByRole('cell')).toHaveTextContent('1204')
})

test('a table that fits is no stop for the keyboard', () => {
  render(topItems)
  expect(screen.queryByRole('group')).toBeNull()
})

test('a table wider than the screen can be scrolled by keyboard', () => {
  vi.spyOn(HTMLElement.prototype, 'scrollWidth', 'get').mockReturnValue(900)
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(320)
  render(topItems)
  expect(screen.getByRole('group', { name: 'Top items' })).toHaveAttribute('tabindex', '0')
})
