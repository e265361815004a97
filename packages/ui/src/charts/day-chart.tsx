'use client'

import { useState, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react'

import { Disclosure } from '../disclosure'
import { Table } from '../table'
import { DayPlot, layOut } from './day-plot'
import { Tooltip } from './tooltip'
import { useWidth } from './use-width'

export type Day = { date: string; value: number }

export type DayChartProps = {
  /** What is shown, by day. */
  label: string
  /** At least one, in order, without gaps. */
  days: Day[]
  /** A day in full, such as "Tuesday, 3 March". */
  formatDate: (date: string) => string
  /** A day in as few letters as possible, for the axis. */
  formatShortDate: (date: string) => string
  formatValue: (value: number) => string
  /** A round value in as few letters as possible, for the axis. */
  formatShortValue: (value: number) => string
  /** Opens the same figures as a table, whose columns are named by the other two. */
  tableLabel: string
  dateLabel: string
  valueLabel: string
  /** Makes a link of a day's value in the table, for one. */
  renderValue?: (day: Day, text: string) => ReactNode
}

const height = 240
const week = 7

/** Bars, or a line where there is no room for bars. Pointed at, or walked through with the arrow keys, it tells each day. */
export function DayChart({
  label,
  days,
  formatDate,
  formatShortDate,
  formatValue,
  formatShortValue,
  tableLabel,
  dateLabel,
  valueLabel,
  renderValue,
}: DayChartProps) {
  const [frame, width] = useWidth<HTMLDivElement>()
  const [stop, setStop] = useState<number | null>(null)
  const [isShown, setIsShown] = useState(false)

  const last = days.length - 1
  const at = Math.min(stop ?? last, last)
  const day = days[at]
  const layout = width > 0 ? layOut({ days, width, height, formatShortValue }) : null

  function show(index: number) {
    setStop(Math.min(Math.max(index, 0), last))
    setIsShown(true)
  }

  function point({ clientX, currentTarget }: PointerEvent<HTMLDivElement>) {
    const { left, width: room } = currentTarget.getBoundingClientRect()
    show(Math.floor(((clientX - left) / room) * days.length))
  }

  function walk(event: KeyboardEvent) {
    if (event.key === 'Escape') setIsShown(false)
    const next: Record<string, number> = {
      ArrowLeft: at - 1,
      ArrowDown: at - 1,
      ArrowRight: at + 1,
      ArrowUp: at + 1,
      PageDown: at - week,
      PageUp: at + week,
      Home: 0,
      End: last,
    }
    const index = next[event.key]
    if (index === undefined) return
    event.preventDefault()
    show(index)
  }

  function hide() {
    setIsShown(false)
  }

  const share = (at + 0.5) / days.length
  return (
    <figure aria-label={label}>
      <div ref={frame} className="relative mb-4" style={{ height }}>
        {layout && day && (
          <>
            <DayPlot
              days={days}
              layout={layout}
              active={isShown ? at : null}
              formatShortDate={formatShortDate}
              formatShortValue={formatShortValue}
            />
            <div
              role="slider"
              tabIndex={0}
              aria-label={label}
              aria-valuemin={0}
              aria-valuemax={last}
              aria-valuenow={at}
              aria-valuetext={`${formatDate(day.date)}: ${formatValue(day.value)}`}
              onFocus={() => {
                show(at)
              }}
              onBlur={hide}
              onKeyDown={walk}
              onPointerDown={point}
              onPointerMove={point}
              onPointerLeave={hide}
              className="absolute inset-y-0 touch-pan-y rounded-control"
              style={{ left: layout.left, width: layout.room }}
            />
            {isShown && (
              <Tooltip share={share} style={{ left: layout.left + share * layout.room }} className="-top-4">
                <p className="opacity-80">{formatDate(day.date)}</p>
                <p className="text-sm font-semibold tabular-nums">{formatValue(day.value)}</p>
              </Tooltip>
            )}
          </>
        )}
      </div>
      <Disclosure label={tableLabel}>
        <div className="max-h-80 overflow-y-auto py-1">
          <Table
            label={label}
            columns={[
              { header: dateLabel, cell: ({ date }) => formatDate(date), isRowHeader: true },
              {
                header: valueLabel,
                cell: (each) => renderValue?.(each, formatValue(each.value)) ?? formatValue(each.value),
                isNumber: true,
              },
            ]}
            rows={days}
            rowKey={({ date }) => date}
          />
        </div>
      </Disclosure>
    </figure>
  )
}
