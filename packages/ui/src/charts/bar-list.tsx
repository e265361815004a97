import { scaleLinear } from '@visx/scale'

export type BarListProps = {
  /** What is compared. */
  label: string
  /** In the order they are shown. */
  items: { name: string; value: number }[]
  formatValue: (value: number) => string
}

/** Each item with its value, and a bar as long as the value is big: zero or less has none. */
export function BarList({ label, items, formatValue }: BarListProps) {
  const most = Math.max(...items.map(({ value }) => value), 0)
  const share = scaleLinear({ domain: [0, most || 1], range: [0, 100], clamp: true })
  return (
    <ol aria-label={label} className="space-y-3.5">
      {items.map(({ name, value }) => (
        <li key={name} className="text-sm">
          <div className="flex items-baseline justify-between gap-4">
            <span className="min-w-0 wrap-anywhere">{name}</span>
            <span className="shrink-0 font-medium tabular-nums">{formatValue(value)}</span>
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
