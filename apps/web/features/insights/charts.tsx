import type { Categories, Days, Hours, Items } from '@flux/api-client'

import { useSession } from '@/features/auth/session'
import { BarList, DayChart, HeatMap } from '@/lib/charts'
import { useMessages } from '@/lib/language'
import { TextLink } from '@/lib/text-link'

import { FigureLink } from './figure-link'
import type { Choice, Period } from './period'
import { rowsPath } from './use-period'

type Shown<Data> = { data: Data; period: Period; choice: Choice }

export function RevenueByDay({ data, choice }: Omit<Shown<Days>, 'period'>) {
  const m = useMessages()
  const { format } = useSession()
  return (
    <DayChart
      label={m.insights.revenueByDay}
      days={data.days.map(({ business_date: date, net_minor: value }) => ({ date, value }))}
      formatDate={format.longDate}
      formatShortDate={format.shortDate}
      formatValue={(minor) => format.money(minor, data.currency)}
      formatShortValue={(minor) => format.shortMoney(minor, data.currency)}
      tableLabel={m.insights.asTable}
      dateLabel={m.insights.day}
      valueLabel={m.figures.revenue}
      renderValue={({ date, value }, text) =>
        value === 0 ? (
          text
        ) : (
          <FigureLink
            href={rowsPath({ from: date, to: date }, choice)}
            label={m.insights.ordersOf(format.longDate(date), text)}
          >
            {text}
          </FigureLink>
        )
      }
    />
  )
}

export function TopItems({ data, period, choice, by }: Shown<Items> & { by: 'revenue' | 'quantity' }) {
  const m = useMessages().insights
  const { format } = useSession()
  const { items, items_total: total } = data
  if (items.length === 0) return <p className="py-4 text-sm text-muted">{m.noItems}</p>
  return (
    <>
      <BarList
        label={by === 'revenue' ? m.byRevenue : m.byQuantity}
        items={items.map(({ key, name, quantity, net_minor: net }) => ({
          key,
          name,
          value: by === 'revenue' ? net : quantity,
        }))}
        formatValue={(value) =>
          by === 'revenue' ? format.money(value, data.currency) : m.sold(format.number(value))
        }
        renderValue={(index, text) => {
          const item = items[index]
          if (!item) return text
          const wanted = { item: item.key, name: item.name }
          return (
            <FigureLink href={rowsPath(period, choice, wanted)} label={m.rowsOf(item.name, text)}>
              {text}
            </FigureLink>
          )
        }}
      />
      {total > items.length && (
        <p className="mt-4 text-sm text-muted">
          {m.itemsOf(format.number(items.length), format.number(total))}
        </p>
      )}
    </>
  )
}

export function ByCategory({ data, period, choice }: Shown<Categories>) {
  const m = useMessages().insights
  const { format } = useSession()
  const { categories, currency, without_lines_minor: without } = data
  const isNamed = categories.some(({ name }) => name !== null)
  return (
    <div className="space-y-4">
      {isNamed ? (
        <BarList
          label={m.categories}
          items={categories.map(({ key, name, net_minor: value }) => ({
            key,
            name: name ?? m.noCategory,
            value,
          }))}
          formatValue={(minor) => format.money(minor, currency)}
          renderValue={(index, text) => {
            const category = categories[index]
            if (!category) return text
            const name = category.name ?? m.noCategory
            const wanted = { category: category.key, name }
            return (
              <FigureLink href={rowsPath(period, choice, wanted)} label={m.rowsOf(name, text)}>
                {text}
              </FigureLink>
            )
          }}
        />
      ) : (
        <p className="py-4 text-sm text-muted">{categories.length > 0 ? m.noCategories : m.noItems}</p>
      )}
      {without !== 0 && (
        <p className="text-sm text-muted">{m.withoutLines(format.money(without, currency))}</p>
      )}
    </div>
  )
}

const weekdays = [1, 2, 3, 4, 5, 6, 7]
const hoursOfDay = 24

export function BusiestHours({ data, period, choice }: Shown<Hours>) {
  const m = useMessages().insights
  const { format } = useSession()
  const { hours, day_starts_hour: start } = data
  if (hours.length === 0) return <p className="py-4 text-sm text-muted">{m.noSales}</p>
  // In the order of the business day, which ends after midnight.
  const places = hours.map(({ hour }) => (hour - start + hoursOfDay) % hoursOfDay)
  const first = Math.min(...places)
  const rows = Array.from(
    { length: Math.max(...places) - first + 1 },
    (_, index) => (first + index + start) % hoursOfDay,
  )
  const orders = new Map(hours.map((each) => [`${each.weekday} ${each.hour}`, each.orders]))
  const ordersAt = (weekday: number, hour: number) => orders.get(`${weekday} ${hour}`) ?? 0
  const tell = (number: number) => (number === 1 ? m.orderAt : m.ordersAt(format.number(number)))
  return (
    <HeatMap
      label={m.hoursAbout}
      columns={weekdays.map((number) => ({
        name: format.weekday(number, 'long'),
        short: format.weekday(number, 'short'),
      }))}
      rows={rows.map((hour) => ({
        name: format.hour(hour),
        values: weekdays.map((weekday) => ordersAt(weekday, hour)),
      }))}
      rowsLabel={m.hour}
      formatValue={tell}
      leastLabel={m.fewest}
      mostLabel={m.most}
      renderStop={(row, column) => {
        const [hour, weekday] = [rows[row], weekdays[column]]
        if (hour === undefined || weekday === undefined) return null
        const number = ordersAt(weekday, hour)
        const told = `${m.atHour(format.weekday(weekday, 'long'), format.hour(hour))}: ${tell(number)}`
        return number === 0 ? (
          <p className="flex min-h-touch items-center text-sm text-muted">{told}</p>
        ) : (
          <TextLink href={rowsPath(period, choice, { weekday, hour })}>{told}</TextLink>
        )
      }}
    />
  )
}
