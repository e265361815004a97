'use client'

import { Card } from '@flux/ui'

import { BarList, DayChart, HeatMap } from '@/lib/charts'

import { busyHours, lastYear, march, topItems, weekdays } from './sample'
import { Section } from './section'

const money = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' })
const shortMoney = new Intl.NumberFormat('en-US', {
  style: 'currency',
  currency: 'USD',
  notation: 'compact',
  maximumFractionDigits: 1,
  minimumFractionDigits: 0,
})
const zone = { timeZone: 'UTC' }
const fullDate = new Intl.DateTimeFormat('en-US', { ...zone, weekday: 'long', month: 'long', day: 'numeric' })
const shortDate = new Intl.DateTimeFormat('en-US', { ...zone, month: 'short', day: 'numeric' })

const ofRevenue = {
  formatDate: (date: string) => fullDate.format(new Date(date)),
  formatShortDate: (date: string) => shortDate.format(new Date(date)),
  formatValue: (value: number) => money.format(value),
  formatShortValue: (value: number) => shortMoney.format(value),
  tableLabel: 'Show as a table',
  dateLabel: 'Day',
  valueLabel: 'Revenue',
}

export function Charts() {
  return (
    <Section title="Charts">
      <div className="grid items-start gap-6 lg:grid-cols-2">
        <Card title="Revenue by day" description="28 days">
          <DayChart label="Revenue by day" days={march} {...ofRevenue} />
        </Card>
        <Card title="Revenue in a year" description="365 days">
          <DayChart label="Revenue in a year" days={lastYear} {...ofRevenue} />
        </Card>
        <Card title="Top items">
          <BarList label="Top items" items={topItems} formatValue={(value) => money.format(value)} />
        </Card>
        <Card title="Busiest hours">
          <HeatMap
            label="Orders by hour and weekday"
            columns={weekdays}
            rows={busyHours}
            rowsLabel="Hour"
            formatValue={(value) => `${value} orders`}
            leastLabel="Fewest"
            mostLabel="Most"
          />
        </Card>
      </div>
    </Section>
  )
}
