import { scaleLinear } from '@visx/scale'
import type { ReactNode } from 'react'

export type BarListProps = {
  /** What is compared. */
  label: string
  /** In the order they are shown. `key` where two may have one name. */
  items: { name: string; value: number; key?: string }[]
  formatValue: (value: number) => string
  /** Makes a link of an item's value, for one. */
  renderValue?: (index: number, text: string) => ReactNode
}

/** Each item with its value, and a bar as long as the value is big: zero or less has none. */
export function BarList({ label, items, formatValue, renderValue }: BarListProps) {
  const most = Math.max(...items.map(({ value }) => value), 0)
  const share = scaleLinear({ domain: [0, most || 1], range: [0, 100], clamp: true })
  return (
    <ol aria-label={label} className="space-y-3.5">
      {items.map(({ name, value, key = name }, index) => (
        <li key={key} className="text-sm">
          <div className="flex items-baseline justify-between gap-4">
            <span className="min-w-0 wrap-anywhere">{name}</span>
            <span className="shrink-0 font-medium tabular-nums">
              {renderValue ? renderValue(index, formatValue(value)) : formatValue(value)}
            </span>
          </div>
          <div aria-hidden className="mt-1.5 h-2 rounded-full bg-raised">
            <div
              className="h-full rounded-full bg-accent forced-colors:bg-[CanvasText]"
              style={{ width: `${share(value)}%` }}
            />
          </div>
        </li>
      ))}
    </ol>
  )
}
