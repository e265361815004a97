'use client'

import type { RejectedRow, Upload } from '@flux/api-client'
import { Button, Card, Table, type Column } from '@flux/ui'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Download } from 'lucide-react'

import { useSession } from '@/features/auth/session'
import { useDownload } from '@/lib/download'
import { ErrorAlert } from '@/lib/error-alert'
import { useMessages } from '@/lib/language'
import type { Messages } from '@/lib/messages/en'
import { Waiting } from '@/lib/waiting'

import { downloadRejectedRows, rejectedRowsQuery } from './api'

/** The lines of a file that were not taken: where they are in it, and what is wrong. */
export function RejectedRows({ upload, total }: { upload: Upload; total: number }) {
  const messages = useMessages()
  const m = messages.rejected
  const { format, restaurant } = useSession()
  const file = useDownload(() => downloadRejectedRows(upload.id), m.filename)
  // The file holds whole rows, which viewers may not have.
  const canDownload = restaurant.role !== 'viewer' && upload.status === 'completed'
  const query = useInfiniteQuery(rejectedRowsQuery(upload.id))
  const rows = query.data?.pages.flatMap(({ items }) => items)

  return (
    <Card
      title={m.title}
      description={m.description}
      aside={
        canDownload && (
          <Button look="secondary" isLoading={file.isPending} onClick={file.download}>
            {!file.isPending && <Download aria-hidden className="size-4" />}
            {m.download}
          </Button>
        )
      }
    >
      {canDownload && <p className="mb-4 text-sm">{m.howToFix}</p>}
      {file.error && (
        <div className="mb-4">
          <ErrorAlert error={file.error} />
        </div>
      )}
      {query.isPending && <Waiting shapes={['h-11', 'h-11']} />}
      {rows && (
        <Table
          label={m.title}
          columns={columnsIn(messages)}
          rows={rows}
          rowKey={(row) => `${row.row_number} ${row.column} ${row.code}`}
          isFixed
        />
      )}
      {query.error && (
        <div className="mt-3">
          <ErrorAlert
            error={query.error}
            title={rows ? m.moreErrorTitle : m.errorTitle}
            onRetry={() => void (rows ? query.fetchNextPage() : query.refetch())}
            isRetrying={query.isFetching}
          />
        </div>
      )}
      {rows && (
        <div className="mt-3 flex flex-wrap items-center justify-between gap-3">
          <p role="status" className="text-sm text-muted">
            {m.shown(format.number(rows.length), format.number(total))}
          </p>
          {query.hasNextPage && !query.error && (
            <Button
              look="secondary"
              isLoading={query.isFetchingNextPage}
              onClick={() => void query.fetchNextPage()}
            >
              {m.more}
            </Button>
          )}
        </div>
      )}
    </Card>
  )
}

/** On a narrow screen column and value move under the problem, instead of a table that scrolls sideways. */
function columnsIn({ rejected: m, rejections }: Messages): Column<RejectedRow>[] {
  return [
    {
      header: m.row,
      cell: (row) => <span className="text-muted tabular-nums">{row.row_number}</span>,
      isRowHeader: true,
      className: 'w-18',
    },
    { header: m.column, cell: (row) => row.column, className: 'w-1/5 max-sm:hidden' },
    { header: m.value, cell: (row) => <Value value={row.value} />, className: 'w-1/4 max-sm:hidden' },
    {
      header: m.problem,
      cell: (row) => (
        <>
          {rejections[row.code] ?? <span lang="en">{row.message}</span>}
          <span className="mt-1 flex flex-wrap gap-x-2 text-muted sm:hidden">
            {row.column} <Value value={row.value} />
          </span>
        </>
      ),
    },
  ]
}

function Value({ value }: { value: string | null }) {
  const m = useMessages().rejected
  if (!value) return <span className="text-muted italic">{m.blank}</span>
  return (
    <code className="line-clamp-3 w-fit max-w-full rounded bg-raised px-1.5 py-0.5 font-sans wrap-anywhere">
      {value}
    </code>
  )
}
