import { unwrap } from '@flux/api-client'
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'

import { api } from '@/lib/api'

import type { Period } from './period'

const rowsPerPage = 20
const itemsShown = 10

export const summaryQuery = queryOptions({
  queryKey: ['insights', 'summary'],
  queryFn: () => unwrap(api.GET('/api/insights/summary')),
})

// While another period is asked for, the figures of the one before stay.
const asked = (name: string, query: object) => ({
  queryKey: ['insights', name, query],
  placeholderData: keepPreviousData,
})

export const salesQuery = (query: Period) =>
  queryOptions({
    ...asked('sales', query),
    queryFn: () => unwrap(api.GET('/api/insights/sales', { params: { query } })),
  })

export const daysQuery = (query: Period) =>
  queryOptions({
    ...asked('days', query),
    queryFn: () => unwrap(api.GET('/api/insights/days', { params: { query } })),
  })

export const hoursQuery = (query: Period) =>
  queryOptions({
    ...asked('hours', query),
    queryFn: () => unwrap(api.GET('/api/insights/hours', { params: { query } })),
  })

export const categoriesQuery = (query: Period) =>
  queryOptions({
    ...asked('categories', query),
    queryFn: () => unwrap(api.GET('/api/insights/categories', { params: { query } })),
  })

export type Ranking = 'revenue' | 'quantity'

export const itemsQuery = (period: Period, by: Ranking) => {
  const query = { ...period, by, limit: itemsShown }
  return queryOptions({
    ...asked('items', query),
    queryFn: () => unwrap(api.GET('/api/insights/items', { params: { query } })),
  })
}

export type OrdersWanted = Period & { weekday?: number; hour?: number }
export type LinesWanted = Period & { item?: string; category?: string }

export const ordersQuery = (wanted: OrdersWanted) =>
  infiniteQueryOptions({
    queryKey: ['insights', 'orders', wanted],
    queryFn: ({ pageParam }) =>
      unwrap(
        api.GET('/api/insights/orders', {
          params: { query: { ...wanted, limit: rowsPerPage, cursor: pageParam } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })

export const linesQuery = (wanted: LinesWanted) =>
  infiniteQueryOptions({
    queryKey: ['insights', 'lines', wanted],
    queryFn: ({ pageParam }) =>
      unwrap(
        api.GET('/api/insights/lines', {
          params: { query: { ...wanted, limit: rowsPerPage, cursor: pageParam } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })

export type Export = 'days' | 'items' | 'categories' | 'hours' | 'orders' | 'lines'

export const exportInsights = (what: Export, period: Period) =>
  unwrap(
    api.GET('/api/insights/export.csv', {
      params: { query: { ...period, what } },
      parseAs: 'blob',
    }),
  )

export const addSample = () => unwrap(api.POST('/api/data/sample'))
