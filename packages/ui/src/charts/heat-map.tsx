'use client'

import { scaleQuantize } from '@visx/scale'
import { useState, type KeyboardEvent, type ReactNode } from 'react'

import { cn } from '../cn'
import { Tooltip } from './tooltip'

const heats = ['bg-heat-1', 'bg-heat-2', 'bg-heat-3', 'bg-heat-4', 'bg-heat-5'] as const

export type HeatMapProps = {
  /** What is counted, by what. */
  label: string
  /** Across: weekdays. `short` is shown, `name` read out. */
  columns: { short: string; name: string }[]
  /** Down: hours, with a value for each column. */
  rows: { name: string; values: number[] }[]
  /** What the rows are. */
  rowsLabel: string
  formatValue: (value: number) => string
  /** The ends of the legend. */
  leastLabel: string
  mostLabel: string
  /** What there is to say of the cell that one stopped at last; it stands beside the legend. */
  renderStop?: (row: number, column: number) => ReactNode
}

type Place = { row: number; column: number }

const steps: Record<string, (at: Place, last: Place) => Place> = {
  ArrowUp: (at) => ({ ...at, row: Math.max(at.row - 1, 0) }),
  ArrowDown: (at, last) => ({ ...at, row: Math.min(at.row + 1, last.row) }),
  ArrowLeft: (at) => ({ ...at, column: Math.max(at.column - 1, 0) }),
  ArrowRight: (at, last) => ({ ...at, column: Math.min(at.column + 1, last.column) }),
  Home: (at) => ({ ...at, column: 0 }),
  End: (at, last) => ({ ...at, column: last.column }),
}

/**
 * A table whose values are colours: read out as a table, walked through with the arrow keys. Its cells do nothing but
 * tell, so they may be smaller than a fingertip.
 */
export function HeatMap({
  label,
  columns,
  rows,
  rowsLabel,
  formatValue,
  leastLabel,
  mostLabel,
  renderStop,
}: HeatMapProps) {
  const [chosen, setStop] = useState<Place>({ row: 0, column: 0 })
  const stop = { ...chosen, row: Math.min(chosen.row, Math.max(rows.length - 1, 0)) }
  const [shown, setShown] = useState<Place | null>(null)
  const most = Math.max(...rows.flatMap(({ values }) => values), 0)
  const heat = scaleQuantize({ domain: [0, most || 1], range: [...heats] })

  function walk(event: KeyboardEvent<HTMLTableElement>) {
    if (event.key === 'Escape') setShown(null)
    const next = steps[event.key]?.(stop, { row: rows.length - 1, column: columns.length - 1 })
    if (!next) return
    event.preventDefault()
    const row = event.currentTarget.tBodies[0]?.rows[next.row]
    row?.querySelectorAll('td')[next.column]?.focus()
  }

  return (
    <div>
      <table role="grid" aria-label={label} onKeyDown={walk} className="w-full table-fixed text-xs">
        <thead>
          <tr>
            <th scope="col" className="w-12 sm:w-14">
              <span className="sr-only">{rowsLabel}</span>
            </th>
            {columns.map(({ short, name }) => (
              <th key={name} scope="col" className="pb-2 font-medium text-muted">
                <span aria-hidden>{short}</span>
                <span className="sr-only">{name}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name: rowName, values }, row) => (
            <tr key={rowName}>
              <th
                scope="row"
                className="pr-2 text-right font-medium whitespace-nowrap text-muted tabular-nums"
              >
                {rowName}
              </th>
              {columns.map(({ name: columnName }, column) => {
                const value = values[column] ?? 0
                const place = { row, column }
                const isStop = stop.row === row && stop.column === column
                return (
                  <td
                    key={columnName}
                    role="gridcell"
                    tabIndex={isStop ? 0 : -1}
                    onFocus={() => {
                      setStop(place)
                      setShown(place)
                    }}
                    onBlur={() => {
                      setShown(null)
                    }}
                    onClick={({ currentTarget }) => {
                      currentTarget.focus()
                    }}
                    onPointerEnter={() => {
                      setShown(place)
                    }}
                    onPointerLeave={() => {
                      setShown(null)
                    }}
                    className="relative h-7 rounded-md p-0.5"
                  >
                    <span
                      aria-hidden
                      className={cn('block size-full rounded-sm', value > 0 ? heat(value) : 'bg-raised')}
                    />
                    <span className="sr-only">{formatValue(value)}</span>
                    {shown?.row === row && shown.column === column && (
                      <Tooltip
                        share={columns.length > 1 ? column / (columns.length - 1) : 0}
                        style={{ left: `${(column / Math.max(columns.length - 1, 1)) * 100}%` }}
                        className="bottom-full"
                      >
                        <p className="opacity-80">
                          {columnName}, {rowName}
                        </p>
                        <p className="font-semibold">{formatValue(value)}</p>
                      </Tooltip>
                    )}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
      <div className="mt-3 flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        {renderStop?.(stop.row, stop.column)}
        <div className="ml-auto flex items-center gap-1.5 text-xs text-muted">
          {leastLabel}
          {heats.map((className) => (
            <span key={className} aria-hidden className={cn('size-4 rounded-sm', className)} />
          ))}
          {mostLabel}
        </div>
      </div>
    </div>
  )
}
