'use client'

import { Button, Card, EmptyState, Skeleton } from '@flux/ui'
import { useQuery } from '@tanstack/react-query'
import { ChartNoAxesColumn } from 'lucide-react'

import { useSession } from '@/features/auth/session'
import { ErrorAlert } from '@/lib/error-alert'
import { useMessages } from '@/lib/language'

import { summaryQuery } from './api'

/** What all uploads together say. `uploadId` is where an empty dashboard leads to. */
export function Figures({ uploadId }: { uploadId: string }) {
  const messages = useMessages()
  const m = messages.figures
  const { format, restaurant } = useSession()
  const { data: summary, error, refetch, isFetching } = useQuery(summaryQuery)
  const isViewer = restaurant.role === 'viewer'

  if (!summary) {
    return (
      <Card title={m.title}>
        {error ? (
          <ErrorAlert
            error={error}
            title={m.errorTitle}
            onRetry={() => void refetch()}
            isRetrying={isFetching}
          />
        ) : (
          <div aria-busy className="grid grid-cols-2 gap-6 lg:grid-cols-4">
            <span className="sr-only">{messages.loading}</span>
            {[m.revenue, m.orders, m.items, m.averageCheck].map((label) => (
              <Skeleton key={label} className="h-14" />
            ))}
          </div>
        )}
      </Card>
    )
  }

  if (summary.orders === 0) {
    return (
      <Card title={m.title}>
        <EmptyState
          icon={ChartNoAxesColumn}
          title={m.emptyTitle}
          action={
            !isViewer && (
              <Button
                onClick={() => {
                  const target = document.getElementById(uploadId)
                  target?.scrollIntoView({ block: 'center' })
                  target?.querySelector('button')?.focus()
                }}
              >
                {m.emptyAction}
              </Button>
            )
          }
        >
          {isViewer ? m.emptyViewer : m.empty}
        </EmptyState>
      </Card>
    )
  }

  const { first_business_date: first, last_business_date: last } = summary
  const figures = [
    [m.revenue, format.money(summary.net_minor, summary.currency)],
    [m.orders, format.number(summary.orders)],
    [m.items, format.number(summary.items)],
    [m.averageCheck, format.money(Math.round(summary.net_minor / summary.orders), summary.currency)],
  ] as const
  return (
    <Card title={m.title} description={first && last && format.businessDates(first, last)}>
      <dl className="grid grid-cols-2 gap-x-4 gap-y-6 lg:grid-cols-4">
        {figures.map(([label, value]) => (
          <div
            key={label}
            className="min-w-0 lg:border-l lg:border-line lg:pl-5 lg:first:border-l-0 lg:first:pl-0"
          >
            <dt className="text-sm text-muted">{label}</dt>
            <dd className="mt-1 text-lg font-semibold tracking-tight wrap-anywhere tabular-nums min-[22.5rem]:text-xl sm:text-[1.75rem] sm:leading-9">
              {value}
            </dd>
          </div>
        ))}
      </dl>
    </Card>
  )
}
