import { scaleBand, scaleLinear } from '@visx/scale'
import { AreaClosed, Bar, Line, LinePath } from '@visx/shape'

import { cn } from '../cn'
import type { Day } from './day-chart'

const top = 32
const bottom = 28
const letter = 6.6
const labelRoom = 76
const narrowestBar = 3

/** Where everything goes: the values' labels at the left get as much room as the longest needs. */
export function layOut({
  days,
  width,
  height,
  formatShortValue,
}: {
  days: Day[]
  width: number
  height: number
  formatShortValue: (value: number) => string
}) {
  const values = days.map(({ value }) => value)
  const y = scaleLinear({
    domain: [Math.min(0, ...values), Math.max(0, ...values) || 1],
    range: [height - bottom, top],
    nice: 4,
  })
  const ticks = y.ticks(4)
  const left = Math.ceil(Math.max(...ticks.map((tick) => formatShortValue(tick).length)) * letter) + 12
  const room = Math.max(width - left, 1)
  const x = scaleBand({
    domain: days.map(({ date }) => date),
    range: [left, left + room],
    padding: 0.25,
  })
  return { x, y, ticks, left, room, width, height }
}

type DayPlotProps = {
  days: Day[]
  layout: ReturnType<typeof layOut>
  active: number | null
  formatShortDate: (date: string) => string
  formatShortValue: (value: number) => string
}

/** Only for the eye. */
export function DayPlot({ days, layout, active, formatShortDate, formatShortValue }: DayPlotProps) {
  const { x, y, ticks, left, room, width, height } = layout
  const center = ({ date }: Day) => (x(date) ?? 0) + x.bandwidth() / 2
  const activeDay = active === null ? undefined : days[active]
  return (
    <svg aria-hidden width={width} height={height} className="block text-xs">
      {ticks.map((tick) => (
        <g key={tick}>
          <Line
            from={{ x: left, y: y(tick) }}
            to={{ x: left + room, y: y(tick) }}
            className={tick === 0 ? 'stroke-edge' : 'stroke-line'}
          />
          <text x={left - 10} y={y(tick)} dy="0.32em" textAnchor="end" className="fill-muted tabular-nums">
            {formatShortValue(tick)}
          </text>
        </g>
      ))}
      {labelled(days, room).map((day) => (
        <text
          key={day.date}
          x={center(day)}
          y={height - 8}
          textAnchor="middle"
          className="fill-muted tabular-nums"
        >
          {formatShortDate(day.date)}
        </text>
      ))}
      {activeDay && (
        <Line
          from={{ x: center(activeDay), y: top - 8 }}
          to={{ x: center(activeDay), y: height - bottom }}
          className="stroke-muted"
        />
      )}
      {x.bandwidth() >= narrowestBar ? (
        days.map((day) => (
          <Bar
            key={day.date}
            x={x(day.date)}
            width={x.bandwidth()}
            y={y(Math.max(day.value, 0))}
            height={Math.abs(y(day.value) - y(0))}
            rx={Math.min(4, x.bandwidth() / 4)}
            className={cn('fill-accent', activeDay && activeDay !== day && 'opacity-40')}
          />
        ))
      ) : (
        <>
          <AreaClosed
            data={days}
            x={center}
            y={({ value }) => y(value)}
            y0={y(0)}
            yScale={y}
            className="fill-accent-soft"
          />
          <LinePath
            data={days}
            x={center}
            y={({ value }) => y(value)}
            className="fill-none stroke-accent"
            strokeWidth={1.5}
          />
          {activeDay && (
            <circle cx={center(activeDay)} cy={y(activeDay.value)} r={4} className="fill-accent" />
          )}
        </>
      )}
    </svg>
  )
}

/** As many days as have room for their labels, as far from each other as from the edges, or nearly. */
function labelled(days: Day[], room: number): Day[] {
  const step = Math.ceil(days.length / Math.max(1, Math.floor(room / labelRoom)))
  const edge = Math.floor(step / 2)
  return days.filter((_, index) => index % step === edge && index < days.length - edge)
}
