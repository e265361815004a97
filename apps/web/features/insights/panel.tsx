import { Card, IconButton } from '@flux/ui'
import type { UseQueryResult } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import { useDeferredValue, type ReactNode } from 'react'

import { Answer } from '@/lib/answer'
import { useDownload } from '@/lib/download'
import { ErrorAlert } from '@/lib/error-alert'
import { useMessages } from '@/lib/language'

import { exportInsights, type Export } from './api'
import type { Period } from './period'

type PanelProps<Data> = {
  title: string
  description?: string
  query: UseQueryResult<Data>
  period: Period
  /** What its download holds; without it there is none. */
  what?: Export
  /** As tall as what comes, so that nothing moves. */
  loadingClass: string
  children: (data: Data) => ReactNode
}

/** One answer of the data: until it is there, when it cannot be had, and to be taken along. */
export function Panel<Data>({
  title,
  description,
  query,
  period,
  what,
  loadingClass,
  children,
}: PanelProps<Data>) {
  const m = useMessages().figures
  // Five of them come at nearly the same time: a phone draws one after the other, and answers a finger in between.
  const data = useDeferredValue(query.data)
  const { error, refetch, isFetching } = query
  const isOld = query.isPlaceholderData || data !== query.data
  return (
    <Card
      title={title}
      description={description}
      // A phone lays it out once it is nearly on the screen.
      className="[contain-intrinsic-size:auto_24rem] [content-visibility:auto]"
      aside={what && data && <DownloadButton title={title} what={what} period={period} />}
    >
      <Answer query={{ data, error, refetch, isFetching }} errorTitle={m.errorTitle} shapes={[loadingClass]}>
        {(answer) => (
          <div aria-busy={isOld} className={isOld ? 'opacity-60' : undefined}>
            {children(answer)}
          </div>
        )}
      </Answer>
    </Card>
  )
}

function DownloadButton({ title, what, period }: { title: string; what: Export; period: Period }) {
  const m = useMessages().insights
  const { download, isPending, error } = useDownload(
    () => exportInsights(what, period),
    `${what}-${period.from}-${period.to}.csv`,
  )
  return (
    <div className="-my-2.5 -mr-2">
      <IconButton
        label={m.download(title)}
        icon={Download}
        aria-busy={isPending || undefined}
        onClick={download}
      />
      {error && <ErrorAlert error={error} />}
    </div>
  )
}
