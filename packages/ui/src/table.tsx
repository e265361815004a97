'use client'

import { useEffect, useRef, useState, type ReactNode } from 'react'

import { cn } from './cn'

export type Column<Row> = {
  header: string
  cell: (row: Row) => ReactNode
  /** Numbers stand at the end of their column, so that they can be compared. */
  isNumber?: boolean
  /** Whether its cells name their rows. */
  isRowHeader?: boolean
  /** For a width, or to hide the column on a narrow screen. */
  className?: string
}

export type TableProps<Row> = {
  /** What the rows are. */
  label: string
  columns: Column<Row>[]
  rows: readonly Row[]
  rowKey: (row: Row) => string | number
  /** Columns as wide as they are told, however long their contents are. */
  isFixed?: boolean
}

/** Where it is wider than the screen it scrolls in itself, by keyboard too. */
export function Table<Row>({ label, columns, rows, rowKey, isFixed = false }: TableProps<Row>) {
  const frame = useRef<HTMLDivElement>(null)
  const table = useRef<HTMLTableElement>(null)
  const [isScrolling, setIsScrolling] = useState(false)

  useEffect(() => {
    const observer = new ResizeObserver(() => {
      const { scrollWidth, clientWidth } = frame.current ?? { scrollWidth: 0, clientWidth: 0 }
      setIsScrolling(scrollWidth > clientWidth)
    })
    if (frame.current) observer.observe(frame.current)
    if (table.current) observer.observe(table.current)
    return () => {
      observer.disconnect()
    }
  }, [])

  return (
    <div
      ref={frame}
      {...(isScrolling && { role: 'group', 'aria-label': label, tabIndex: 0 })}
      className="overflow-x-auto rounded-control"
    >
      <table
        ref={table}
        aria-label={label}
        className={cn('w-full text-left text-sm', isFixed && 'table-fixed')}
      >
        <thead className="text-muted">
          <tr className="border-b border-line">
            {columns.map(({ header, isNumber, className }) => (
              <th
                key={header}
                scope="col"
                className={cn('px-2 py-2 font-medium', place, isNumber && 'text-right', className)}
              >
                {header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {rows.map((row) => (
            <tr key={rowKey(row)} className="align-top">
              {columns.map(({ header, cell, isNumber, isRowHeader, className }) => {
                const Cell = isRowHeader ? 'th' : 'td'
                return (
                  <Cell
                    key={header}
                    {...(isRowHeader && { scope: 'row' })}
                    className={cn(
                      'px-2 py-2.5 font-normal wrap-break-word',
                      place,
                      isNumber && 'text-right whitespace-nowrap tabular-nums',
                      className,
                    )}
                  >
                    {cell(row)}
                  </Cell>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const place = 'first:pl-0 last:pr-0'
