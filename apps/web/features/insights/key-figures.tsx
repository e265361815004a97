import type { Comparison, Sales } from '@flux/api-client'
import { ArrowDown, ArrowRight, ArrowUp } from 'lucide-react'

import { useSession } from '@/features/auth/session'
import { useMessages } from '@/lib/language'

import { FigureLink } from './figure-link'
import { countDays } from './period'

type Figure = Pick<Sales, 'orders' | 'net_minor' | 'average_check_minor'>

export type KeyFiguresProps = {
  sales: Sales
  /** The first business day with sales. */
  firstDay: string
  /** Where the orders of the period are shown. */
  href: string
}

/** Revenue, orders and average check, each beside what it was before. */
export function KeyFigures({ sales, firstDay, href }: KeyFiguresProps) {
  const m = useMessages()
  const { format } = useSession()
  const { currency } = sales
  const comparisons = useComparisons(sales)
  const money = (minor: number | null) => (minor === null ? '–' : format.money(minor, currency))
  const figures: { label: string; value: string; of: (figure: Figure) => number | null }[] = [
    { label: m.figures.revenue, value: money(sales.net_minor), of: (each) => each.net_minor },
    { label: m.figures.orders, value: format.number(sales.orders), of: (each) => each.orders },
    {
      label: m.figures.averageCheck,
      value: money(sales.average_check_minor),
      of: (each) => each.average_check_minor,
    },
  ]
  return (
    <div className="space-y-5">
      <dl className="grid grid-cols-1 gap-x-4 gap-y-6 sm:grid-cols-3">
        {figures.map(({ label, value, of }) => (
          <div
            key={label}
            className="min-w-0 sm:border-l sm:border-line sm:pl-5 sm:first:border-l-0 sm:first:pl-0"
          >
            <dt className="text-sm text-muted">{label}</dt>
            <dd className="mt-1 text-2xl font-semibold tracking-tight wrap-anywhere tabular-nums lg:text-[1.75rem] lg:leading-9">
              <FigureLink href={href} label={m.insights.ordersOf(label, value)}>
                {value}
              </FigureLink>
            </dd>
            {comparisons.map(({ what, comparison }) => (
              <dd key={what} className="mt-1.5 text-sm">
                <Change now={of(sales)} then={of(comparison)} />{' '}
                <span className="text-muted">{m.insights.against(what)}</span>
              </dd>
            ))}
          </div>
        ))}
      </dl>
      <div className="text-sm text-muted">
        {comparisons.map(({ what, comparison: { period } }) => (
          <p key={what}>{m.insights.comparedWith(what, format.businessDates(period.first, period.last))}</p>
        ))}
        {comparisons.length === 0 && <p>{m.insights.notKnown(format.businessDate(firstDay))}</p>}
      </div>
    </div>
  )
}

/** Those that can be compared with, and what they are called; twice the same days are one. */
function useComparisons({ comparisons, period }: Sales): { what: string; comparison: Comparison }[] {
  const m = useMessages().insights
  const days = countDays({ from: period.first, to: period.last })
  const number = String(days)
  const known = comparisons.filter(({ is_known: isKnown }) => isKnown)
  const [one, other] = known
  if (one && one.period.first === other?.period.first) {
    return [{ what: m.previousAndSameWeekdays(number), comparison: one }]
  }
  const previous = days === 1 ? m.previousDay : m.previous(number)
  return known.map((comparison) => ({
    what: comparison.kind === 'previous' ? previous : m.sameWeekdays,
    comparison,
  }))
}

function Change({ now, then }: { now: number | null; then: number | null }) {
  const m = useMessages().insights
  const { format } = useSession()
  if (!then || then < 0) return <span className="text-muted">{m.nothingThen}</span>
  const share = ((now ?? 0) - then) / then
  const Icon = share > 0 ? ArrowUp : share < 0 ? ArrowDown : ArrowRight
  return (
    <span className="font-medium whitespace-nowrap tabular-nums">
      <Icon aria-hidden className="mr-0.5 inline size-3.5 align-[-0.125em]" />
      {format.change(share)}
    </span>
  )
}
