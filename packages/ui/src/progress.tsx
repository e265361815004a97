'use client'

import * as Radix from '@radix-ui/react-progress'

export type ProgressProps = {
  /** What is under way. */
  label: string
  /** 0 to 1; null while nobody knows. */
  value: number | null
  /** The value in words, shown beside the label. */
  valueText?: string
}

export function Progress({ label, value, valueText }: ProgressProps) {
  const percent = value === null ? null : Math.round(Math.min(Math.max(value, 0), 1) * 100)
  return (
    <div>
      <div className="mb-2 flex items-baseline justify-between gap-4 text-sm">
        <span className="min-w-0 font-medium wrap-anywhere">{label}</span>
        {valueText && <span className="shrink-0 text-muted tabular-nums">{valueText}</span>}
      </div>
      <Radix.Root
        aria-label={label}
        value={percent}
        getValueLabel={(now, max) => valueText ?? `${Math.round((now / max) * 100)} %`}
        className="h-2 overflow-hidden rounded-full bg-line"
      >
        <Radix.Indicator
          className="h-full rounded-full bg-accent transition-[width] duration-300 ease-out data-[state=indeterminate]:animate-pulse data-[state=indeterminate]:bg-accent/40"
          style={{ width: percent === null ? '100%' : `${percent}%` }}
        />
      </Radix.Root>
    </div>
  )
}
