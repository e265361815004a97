import type { Phrase, Report } from '@flux/api-client'
import { Alert, Card } from '@flux/ui'

import { useSession } from '@/features/auth/session'
import { useMessages } from '@/lib/language'
import type { Messages } from '@/lib/messages/en'

/** What a file added: new, known, changed, refused. */
export function UploadCounts({ report }: { report: Report }) {
  const m = useMessages().report
  const { format } = useSession()
  const { first_at: first, last_at: last } = report
  const isNothingNew =
    !report.problem && report.orders_known > 0 && report.orders_new === 0 && report.orders_changed === 0
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
    <>
      {isNothingNew && (
        <Alert tone="info" title={m.nothingNewTitle}>
          {m.nothingNew(format.number(report.orders_known))}
        </Alert>
      )}
      {report.lines_accepted > 0 && (
        <dl className="grid grid-cols-2 gap-x-4 gap-y-5 sm:grid-cols-3">
          {counts.map(([label, value, note]) => (
            <div key={label} className="flex min-w-0 flex-col">
              <dt className="text-sm text-muted">{label}</dt>
              <dd className="text-lg font-semibold wrap-anywhere tabular-nums">
                {value}
                {note && (
                  <span className="ml-1.5 text-sm font-normal whitespace-nowrap text-muted">{note}</span>
                )}
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
      )}
    </>
  )
}

/** The phrase in the words of a language, if it has any for it and for the phrases in it. */
function sayIn(words: Messages['report']['phrases'], phrase?: Phrase | null): string | undefined {
  const values = phrase?.values.map((each) => (typeof each === 'string' ? each : sayIn(words, each)))
  if (!phrase || !values?.every((each) => each !== undefined)) return undefined
  return words[phrase.code]?.(...values)
}

/** What to check, and how the file was read and why. What has no code is in the API's own words, which are English. */
export function UploadReading({
  report: { warnings, warning_phrases: phrases, conclusions },
}: {
  report: Report
}) {
  const messages = useMessages()
  const m = messages.report
  const say = (phrase?: Phrase | null) => sayIn(m.phrases, phrase)
  return (
    <>
      {warnings.length > 0 && (
        <Alert tone="warning" title={m.warnings}>
          <ul className="list-disc space-y-1 pl-4">
            {warnings.map((warning, at) => {
              const said = say(phrases[at])
              return (
                <li key={warning} lang={said ? undefined : 'en'}>
                  {said ?? warning}
                </li>
              )
            })}
          </ul>
        </Alert>
      )}
      {conclusions.length > 0 && (
        <Card title={m.conclusions}>
          <dl className="divide-y divide-line">
            {conclusions.map((each) => {
              const decided = say(each.decided_phrase)
              const because = say(each.because_phrase)
              return (
                <div
                  key={`${each.what} ${each.decided}`}
                  className="grid gap-x-4 py-3 text-sm sm:grid-cols-[9rem_1fr]"
                >
                  <dt className="wrap-anywhere text-muted first-letter:uppercase">
                    {m.topics[each.what] ?? <span lang="en">{each.what}</span>}
                  </dt>
                  <dd className="min-w-0 wrap-anywhere">
                    <p lang={decided ? undefined : 'en'} className="font-medium">
                      {decided ?? each.decided}
                    </p>
                    <p lang={because ? undefined : 'en'} className="text-muted">
                      {m.because(because ?? each.because)}
                    </p>
                  </dd>
                </div>
              )
            })}
          </dl>
        </Card>
      )}
    </>
  )
}
