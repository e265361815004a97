'use client'

import type { SoldLine, SoldOrder } from '@flux/api-client'
import { Button, Card } from '@flux/ui'
import { useInfiniteQuery, type UseInfiniteQueryResult, type InfiniteData } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import { useSearchParams } from 'next/navigation'
import type { ReactNode } from 'react'

import { useSession } from '@/features/auth/session'
import { uploadPath } from '@/features/uploads/upload-path'
import { useDownload } from '@/lib/download'
import { ErrorAlert } from '@/lib/error-alert'
import { useMessages } from '@/lib/language'
import { Link } from '@/lib/link'
import { Paged } from '@/lib/paged'
import { TextLink } from '@/lib/text-link'

import {
  exportInsights,
  linesQuery,
  ordersQuery,
  type Export,
  type LinesWanted,
  type OrdersWanted,
} from './api'
import { isPeriod, readChoice, writeChoice, type Period } from './period'

/** The orders or lines behind a figure, each with the file and the row it came from. The address says which. */
export function RowsPage() {
  const m = useMessages()
  const query = new URLSearchParams(useSearchParams())
  const period = { from: query.get('from') ?? '', to: query.get('to') ?? '' }
  const back = new URLSearchParams(writeChoice(readChoice(query))).toString()
  const [item, category] = [query.get('item'), query.get('category')]
  const isOfLines = item !== null || category !== null
  return (
    <div className="mx-auto max-w-4xl space-y-4">
      <TextLink href={`/dashboard?${back}`}>{m.rows.back}</TextLink>
      <h1 className="text-2xl font-semibold wrap-anywhere">
        {isOfLines ? m.rows.linesOf(query.get('name') ?? item ?? category ?? '') : m.rows.orders}
      </h1>
      {!isPeriod(period) ? (
        <p className="text-muted">{m.rows.empty}</p>
      ) : isOfLines ? (
        <Lines
          wanted={{ ...period, ...(item !== null && { item }), ...(category !== null && { category }) }}
        />
      ) : (
        <Orders wanted={{ ...period, ...numberIn(query, 'weekday'), ...numberIn(query, 'hour') }} />
      )}
    </div>
  )
}

function numberIn(query: URLSearchParams, name: 'weekday' | 'hour') {
  const text = query.get(name)
  return text !== null && /^\d{1,2}$/.test(text) ? { [name]: Number(text) } : {}
}

function Orders({ wanted }: { wanted: OrdersWanted }) {
  const m = useMessages().insights
  const { format } = useSession()
  const { weekday, hour } = wanted
  const at = weekday && hour !== undefined && m.atHour(format.weekday(weekday, 'long'), format.hour(hour))
  return (
    <Rows
      title={[at, format.businessDates(wanted.from, wanted.to)].filter(Boolean).join(' · ')}
      query={useInfiniteQuery(ordersQuery(wanted))}
      // A file of some hours only is not to be had: it would not add up to any figure of it.
      {...(!at && { what: 'orders' as const })}
      period={wanted}
      rowKey={({ id, business_date: day }) => `${day} ${id}`}
    >
      {(order) => <Order order={order} />}
    </Rows>
  )
}

function Lines({ wanted }: { wanted: LinesWanted }) {
  const { format } = useSession()
  return (
    <Rows
      title={format.businessDates(wanted.from, wanted.to)}
      query={useInfiniteQuery(linesQuery(wanted))}
      period={wanted}
      rowKey={({ upload_id: upload, row_number: row, order_id: order }) => `${upload} ${row} ${order}`}
    >
      {(line) => <Line line={line} />}
    </Rows>
  )
}

type RowsProps<Row> = {
  title: string
  query: UseInfiniteQueryResult<InfiniteData<{ items: Row[] }>>
  what?: Export
  period: Period
  rowKey: (row: Row) => string
  children: (row: Row) => ReactNode
}

function Rows<Row>({ title, query, what, period, rowKey, children }: RowsProps<Row>) {
  const m = useMessages().rows
  const rows = query.data?.pages.flatMap(({ items }) => items)
  return (
    <Card title={title} description={m.about}>
      {what && (
        <div className="mb-4">
          <DownloadAll what={what} period={period} />
        </div>
      )}
      <Paged query={query} hasSome={rows !== undefined} errorTitle={m.errorTitle} moreLabel={m.more}>
        {rows?.length === 0 && <p className="text-muted">{m.empty}</p>}
        {rows && rows.length > 0 && (
          <ul className="divide-y divide-line">
            {rows.map((row) => (
              <li key={rowKey(row)} className="py-3 first:pt-0">
                {children(row)}
              </li>
            ))}
          </ul>
        )}
      </Paged>
    </Card>
  )
}

function DownloadAll({ what, period: { from, to } }: { what: Export; period: Period }) {
  const m = useMessages().rows
  const { download, isPending, error } = useDownload(
    () => exportInsights(what, { from, to }),
    `${what}-${from}-${to}.csv`,
  )
  return (
    <div className="space-y-3">
      {error && <ErrorAlert error={error} />}
      <Button look="secondary" isLoading={isPending} onClick={download}>
        {!isPending && <Download aria-hidden className="size-4" />}
        {m.download}
      </Button>
    </div>
  )
}

function Order({ order }: { order: SoldOrder }) {
  const m = useMessages().rows
  const { format } = useSession()
  const { number, occurred_at: at, net_minor: net, currency, lines, row_number: row } = order
  return (
    <>
      <div className="flex items-baseline justify-between gap-4">
        <p className="min-w-0 font-medium wrap-anywhere">
          {number === null ? m.noNumber : m.order(number)}
          <span className="block font-normal text-muted sm:ml-2 sm:inline">{format.moment(at)}</span>
        </p>
        <p className="shrink-0 font-medium tabular-nums">{format.money(net, currency)}</p>
      </div>
      <ul className="mt-1 text-sm">
        {lines.map((line) => (
          <li key={line.row_number} className="flex items-baseline justify-between gap-4">
            <span className="min-w-0 wrap-anywhere">
              {m.quantity(format.number(line.quantity), line.item)}{' '}
              <span className="text-muted">{m.row(format.number(line.row_number))}</span>
            </span>
            <span className="shrink-0 text-muted tabular-nums">{format.money(line.net_minor, currency)}</span>
          </li>
        ))}
        {lines.length === 0 && <li className="text-muted">{m.onlyTotal}</li>}
      </ul>
      <Source upload={order} row={row} />
    </>
  )
}

function Line({ line }: { line: SoldLine }) {
  const m = useMessages().rows
  const { format } = useSession()
  const { item, variant, quantity, occurred_at: at, net_minor: net, currency } = line
  return (
    <>
      <div className="flex items-baseline justify-between gap-4">
        <p className="min-w-0 font-medium wrap-anywhere">
          {m.quantity(format.number(quantity), variant ? `${item}, ${variant}` : item)}
          <span className="block font-normal text-muted sm:ml-2 sm:inline">{format.moment(at)}</span>
        </p>
        <p className="shrink-0 font-medium tabular-nums">{format.money(net, currency)}</p>
      </div>
      <Source upload={line} row={line.row_number} />
    </>
  )
}

type SourceProps = { upload: Pick<SoldOrder, 'upload_id' | 'filename'>; row: number | null }

/** The file that a row came from, which is a page of its own. */
function Source({ upload: { upload_id: id, filename }, row }: SourceProps) {
  const m = useMessages().rows
  const { format } = useSession()
  return (
    <p className="text-sm text-muted">
      <Link
        href={uploadPath(id)}
        className="-my-3 inline-block py-3 wrap-anywhere text-accent underline-offset-4 hover:underline"
      >
        {filename}
      </Link>
      {row !== null && `, ${m.row(format.number(row))}`}
    </p>
  )
}
