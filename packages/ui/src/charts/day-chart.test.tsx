import { act, fireEvent, render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, onTestFinished, test, vi } from 'vitest'

import { DayChart } from '.'

async function setUp(values: number[]) {
  const days = values.map((value, index) => ({
    date: new Date(Date.UTC(2026, 2, 1 + index)).toISOString().slice(0, 10),
    value,
  }))
  const { container } = render(
    <DayChart
      label="Revenue by day"
      days={days}
      formatDate={(date) => `day ${date}`}
      formatShortDate={(date) => date.slice(5)}
      formatValue={(value) => `$${value}.00`}
      formatShortValue={(value) => `$${value}`}
      tableLabel="Show as a table"
      dateLabel="Day"
      valueLabel="Revenue"
      renderValue={({ date }, text) => <a href={`#${date}`}>{text}</a>}
    />,
  )
  const slider = await screen.findByRole('slider', { name: 'Revenue by day' })
  return { container, slider }
}

const told = () => screen.queryByTestId('tooltip')?.textContent
const bars = (container: HTMLElement) => [...container.querySelectorAll('svg rect')]

test('the chart has a name, and its figures are there as a table', async () => {
  await setUp([100, 250])
  const figure = within(screen.getByRole('figure', { name: 'Revenue by day' }))
  expect(figure.queryByRole('table', { hidden: true })).toBeNull()
  await userEvent.click(figure.getByText('Show as a table'))
  const table = await figure.findByRole('table', { name: 'Revenue by day' })
  expect(within(table).getByRole('row', { name: 'day 2026-03-02 $250.00' })).toBeVisible()
})

test('in the table each figure can lead to what stands behind it', async () => {
  await setUp([100, 250])
  await userEvent.click(screen.getByText('Show as a table'))
  expect(await screen.findByRole('link', { name: '$250.00' })).toHaveAttribute('href', '#2026-03-02')
})

test('the arrow keys tell day after day, in words and beside the chart', async () => {
  const { slider } = await setUp([10, 20, 30, 40, 50, 60, 70, 80, 90])
  await userEvent.tab()
  expect(slider).toHaveFocus()
  expect(told()).toBe('day 2026-03-09$90.00')
  await userEvent.keyboard('{ArrowLeft}')
  expect(slider).toHaveAttribute('aria-valuetext', 'day 2026-03-08: $80.00')
  expect(told()).toBe('day 2026-03-08$80.00')
  await userEvent.keyboard('{PageDown}')
  expect(told()).toBe('day 2026-03-01$10.00')
  await userEvent.keyboard('{ArrowLeft}')
  expect(slider).toHaveAttribute('aria-valuenow', '0')
  await userEvent.keyboard('{End}{ArrowRight}')
  expect(slider).toHaveAttribute('aria-valuenow', '8')
  await userEvent.keyboard('{Home}{ArrowRight}')
  expect(told()).toBe('day 2026-03-02$20.00')
  await userEvent.keyboard('{Escape}')
  expect(told()).toBeUndefined()
})

test('a finger on the chart tells the day under it', async () => {
  const { slider } = await setUp([10, 20, 30, 40])
  slider.getBoundingClientRect = () => new DOMRect(100, 0, 400, 240)
  fireEvent.pointerMove(slider, { clientX: 310 })
  expect(told()).toBe('day 2026-03-03$30.00')
  fireEvent.pointerMove(slider, { clientX: 501 })
  expect(told()).toBe('day 2026-03-04$40.00')
  fireEvent.pointerLeave(slider)
  expect(told()).toBeUndefined()
})

test('bars are as high as their values, and a day of refunds hangs below the line', async () => {
  const { container } = await setUp([100, 50, -50, 0])
  const [all, half, refunds, none] = bars(container).map((bar) => ({
    y: Number(bar.getAttribute('y')),
    height: Number(bar.getAttribute('height')),
  }))
  if (!all || !half || !refunds || !none) throw new Error('four bars were expected')
  expect(half.height).toBeCloseTo(all.height / 2)
  expect(refunds.height).toBeCloseTo(half.height)
  expect(refunds.y).toBeCloseTo(all.y + all.height)
  expect(none.height).toBe(0)
})

test('a year has no room for bars and becomes a line', async () => {
  const { container } = await setUp(Array.from({ length: 365 }, (_, index) => index))
  expect(bars(container)).toHaveLength(0)
  expect(container.querySelectorAll('path.stroke-accent')).toHaveLength(1)
})

test('days without any sales are shown as such', async () => {
  const { container, slider } = await setUp([0, 0])
  expect(bars(container).map((bar) => bar.getAttribute('height'))).toEqual(['0', '0'])
  expect(slider).toHaveAttribute('aria-valuetext', 'day 2026-03-02: $0.00')
})

test('the days named on the axis are few enough to be read', async () => {
  const { container } = await setUp(Array.from({ length: 90 }, (_, index) => index))
  const labels = [...container.querySelectorAll('text')].filter(({ textContent }) =>
    /^\d\d-\d\d$/.test(textContent),
  )
  expect(labels.length).toBeGreaterThanOrEqual(6)
  expect(labels.length).toBeLessThanOrEqual(8)
})

test('a chart that is hidden for a moment is still there after', async () => {
  const usual = window.ResizeObserver
  onTestFinished(() => {
    vi.stubGlobal('ResizeObserver', usual)
  })
  const widths: ((width: number) => void)[] = []
  vi.stubGlobal(
    'ResizeObserver',
    class {
      readonly disconnect = vi.fn()
      readonly observe = vi.fn()
      constructor(callback: ResizeObserverCallback) {
        widths.push((width) => {
          act(() => {
            callback([{ contentRect: { width } } as ResizeObserverEntry], this as unknown as ResizeObserver)
          })
        })
      }
    },
  )
  const opened = setUp([10, 20])
  for (const width of [640, 0])
    widths.forEach((resize) => {
      resize(width)
    })
  const { container } = await opened
  expect(bars(container)).toHaveLength(2)
})
