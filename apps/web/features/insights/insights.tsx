'use client'

import { Tabs } from '@flux/ui'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { useSession } from '@/features/auth/session'
import { useMessages } from '@/lib/language'

import { categoriesQuery, daysQuery, hoursQuery, itemsQuery, salesQuery, type Ranking } from './api'
import { BusiestHours, ByCategory, RevenueByDay, TopItems } from './charts'
import { KeyFigures } from './key-figures'
import { Panel } from './panel'
import { periodOf, type Choice, type Period } from './period'
import { PeriodPicker } from './period-picker'
import { rowsPath, usePeriodChoice } from './use-period'

const chartClass = 'h-75'

/** What the sales of a period say; there must be some. */
export function Insights({ firstDay, lastDay }: { firstDay: string; lastDay: string }) {
  const m = useMessages().insights
  const { format } = useSession()
  const [choice, choose] = usePeriodChoice()
  const period = periodOf(choice, lastDay)
  const dates = format.businessDates(period.from, period.to)

  const sales = useQuery(salesQuery(period))
  const days = useQuery(daysQuery(period))
  const hours = useQuery(hoursQuery(period))
  const categories = useQuery(categoriesQuery(period))
  const shown = { period, choice }
  return (
    <>
      <PeriodPicker choice={choice} period={period} onChoose={choose} />
      <Panel title={m.key} description={dates} query={sales} period={period} loadingClass="h-44 sm:h-32">
        {(data) => <KeyFigures sales={data} firstDay={firstDay} href={rowsPath(period, choice)} />}
      </Panel>
      <Panel
        title={m.revenueByDay}
        description={dates}
        query={days}
        period={period}
        what="days"
        loadingClass={chartClass}
      >
        {(data) => <RevenueByDay data={data} choice={choice} />}
      </Panel>
      <div className="grid items-start gap-6 lg:grid-cols-2">
        <ItemsPanel {...shown} />
        <Panel
          title={m.categories}
          query={categories}
          period={period}
          what="categories"
          loadingClass={chartClass}
        >
          {(data) => <ByCategory data={data} {...shown} />}
        </Panel>
      </div>
      <Panel
        title={m.busiestHours}
        description={m.hoursAbout}
        query={hours}
        period={period}
        what="hours"
        loadingClass={chartClass}
      >
        {(data) => <BusiestHours data={data} {...shown} />}
      </Panel>
    </>
  )
}

function ItemsPanel({ period, choice }: { period: Period; choice: Choice }) {
  const m = useMessages().insights
  const [by, setBy] = useState<Ranking>('revenue')
  const items = useQuery(itemsQuery(period, by))
  const tabs = [
    { value: 'revenue', label: m.byRevenue },
    { value: 'quantity', label: m.byQuantity },
  ] as const
  return (
    <Panel title={m.topItems} query={items} period={period} what="items" loadingClass={chartClass}>
      {(data) => (
        <Tabs
          label={m.topItems}
          value={by}
          onChange={(value) => {
            setBy(value === 'quantity' ? 'quantity' : 'revenue')
          }}
          items={tabs.map(({ value, label }) => ({
            value,
            label,
            content: <TopItems data={data} period={period} choice={choice} by={value} />,
          }))}
        />
      )}
    </Panel>
  )
}
