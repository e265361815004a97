import { render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, test } from 'vitest'

import { HeatMap } from '.'

function setUp() {
  render(
    <HeatMap
      label="Orders by hour and weekday"
      columns={[
        { short: 'M', name: 'Monday' },
        { short: 'T', name: 'Tuesday' },
      ]}
      rows={[
        { name: '11:00', values: [0, 12] },
        { name: '12:00', values: [30, 60] },
      ]}
      rowsLabel="Hour"
      formatValue={(value) => `${value} orders`}
      leastLabel="Fewest"
      mostLabel="Most"
      renderStop={(row, column) => <p>{`stopped at ${row}, ${column}`}</p>}
    />,
  )
  return within(screen.getByRole('grid', { name: 'Orders by hour and weekday' }))
}

const heat = (cell: HTMLElement) => /bg-\S+/.exec(cell.firstElementChild?.className ?? '')?.[0]

test('a heat map is read as a table', () => {
  const grid = setUp()
  expect(grid.getAllByRole('columnheader').map(({ textContent }) => textContent)).toEqual([
    'Hour',
    'MMonday',
    'TTuesday',
  ])
  const row = within(grid.getByRole('row', { name: '12:00 30 orders 60 orders' }))
  expect(row.getByRole('rowheader')).toHaveTextContent('12:00')
  expect(row.getAllByRole('gridcell')).toHaveLength(2)
})

test('more is hotter, the most is hottest, and nothing has no heat', () => {
  const cells = setUp().getAllByRole('gridcell')
  expect(cells.map(heat)).toEqual(['bg-raised', 'bg-heat-2', 'bg-heat-3', 'bg-heat-5'])
})

test('it is one stop for the keyboard, and the arrow keys tell cell after cell', async () => {
  const cells = setUp().getAllByRole('gridcell')
  const told = () => screen.queryByTestId('tooltip')?.textContent
  await userEvent.tab()
  expect(cells[0]).toHaveFocus()
  expect(told()).toBe('Monday, 11:000 orders')
  await userEvent.keyboard('{ArrowRight}')
  expect(cells[1]).toHaveFocus()
  await userEvent.keyboard('{ArrowRight}{ArrowDown}')
  expect(cells[3]).toHaveFocus()
  expect(told()).toBe('Tuesday, 12:0060 orders')
  await userEvent.keyboard('{Home}')
  expect(told()).toBe('Monday, 12:0030 orders')
  await userEvent.keyboard('{End}{ArrowUp}')
  expect(told()).toBe('Tuesday, 11:0012 orders')
  await userEvent.keyboard('{Escape}')
  expect(told()).toBeUndefined()
  await userEvent.tab()
  expect(document.body).toHaveFocus()
})

test('the pointer tells a cell as long as it is on it', async () => {
  const cell = setUp().getAllByRole('gridcell')[2] ?? document.body
  await userEvent.hover(cell)
  expect(screen.getByTestId('tooltip')).toHaveTextContent('Monday, 12:0030 orders')
  await userEvent.unhover(cell)
  expect(screen.queryByTestId('tooltip')).toBeNull()
})

test('of the cell that was stopped at last there is more to say, also after a tap', async () => {
  const cells = setUp().getAllByRole('gridcell')
  expect(screen.getByText('stopped at 0, 0')).toBeVisible()
  await userEvent.click(cells[3] ?? document.body)
  expect(screen.getByText('stopped at 1, 1')).toBeVisible()
  await userEvent.keyboard('{ArrowUp}')
  await userEvent.tab()
  expect(screen.getByText('stopped at 0, 1')).toBeVisible()
})
