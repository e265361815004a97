import type { Report } from '@flux/api-client'
import { Alert, Disclosure } from '@flux/ui'

import { useSession } from '@/features/auth/session'
import type { Format } from '@/lib/format'
import { useMessages } from '@/lib/language'

/** What a file said: its counts, what to check, and how it was read. */
export function UploadReport({ report }: { report: Report }) {
  const m = useMessages().report
  const { format } = useSession()
  const { warnings, conclusions } = report
  const isNothingNew =
    !report.problem && report.orders_known > 0 && report.orders_new === 0 && report.orders_changed === 0
  return (
    <>
      {isNothingNew && (
        <Alert tone="info" title={m.nothingNewTitle}>
          {m.nothingNew(format.number(report.orders_known))}
        </Alert>
      )}
      {report.lines_accepted > 0 && <Counts report={report} format={format} />}
      {warnings.length > 0 && (
        <Alert tone="warning" title={m.warnings}>
          <ul className="list-disc space-y-1 pl-4">
            {warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </Alert>
      )}
      {conclusions.length > 0 && <Conclusions conclusions={conclusions} />}
    </>
  )
}

function Counts({ report, format }: { report: Report; format: Format }) {
  const m = useMessages().report
  const { first_at: first, last_at: last } = report
  const counts = [
    [m.ordersNew, format.number(report.orders_new)],
    [m.ordersKnown, format.number(report.orders_known)],
    [m.ordersChanged, format.number(report.orders_changed)],
    [m.linesAccepted, format.number(report.lines_accepted), m.linesOf(format.number(report.lines_total))],
    [m.linesRejected, format.number(report.lines_rejected)],
    ...(report.lines_left_out > 0 ? [[m.linesLeftOut, format.number(report.lines_left_out)] as const] : []),
    [m.total, format.money(report.net_minor, report.currency)],
  ] as const
  return (
    <dl className="grid grid-cols-2 gap-x-4 gap-y-5 sm:grid-cols-3">
      {counts.map(([label, value, note]) => (
        <div key={label} className="flex min-w-0 flex-col">
          <dt className="text-sm text-muted">{label}</dt>
          <dd className="text-lg font-semibold wrap-anywhere tabular-nums">
            {value}
            {note && <span className="ml-1.5 text-sm font-normal whitespace-nowrap text-muted">{note}</span>}
          </dd>
        </div>
      ))}
      {first && last && (
        <div className="col-span-full">
          <dt className="text-sm text-muted">{m.period}</dt>
          <dd className="font-medium">{format.period(first, last)}</dd>
        </div>
      )}
    </dl>
  )
}

function Conclusions({ conclusions }: { conclusions: NonNullable<Report['conclusions']> }) {
  const m = useMessages().report
  return (
    <Disclosure label={m.conclusions}>
      <dl className="divide-y divide-line">
        {conclusions.map(({ what, decided, because }) => (
          <div key={`${what} ${decided}`} className="grid gap-x-4 py-3 text-sm sm:grid-cols-[9rem_1fr]">
            <dt className="wrap-anywhere text-muted">{what}</dt>
            <dd className="min-w-0 wrap-anywhere">
              <p className="font-medium">{decided}</p>
              <p className="text-muted">{because}</p>
            </dd>
          </div>
        ))}
      </dl>
    </Disclosure>
  )
}
