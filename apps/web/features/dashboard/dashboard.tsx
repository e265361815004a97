'use client'

import type { Summary } from '@flux/api-client'
import { Button, Card, EmptyState } from '@flux/ui'
import { useQuery } from '@tanstack/react-query'
import { ChartNoAxesColumn } from 'lucide-react'
import dynamic from 'next/dynamic'

import { ConfirmBanner } from '@/features/auth/confirm-banner'
import { useSession } from '@/features/auth/session'
import { summaryQuery } from '@/features/insights/api'
import { isFinal } from '@/features/uploads/status'
import { useLatestUpload } from '@/features/uploads/use-upload'
import { ErrorAlert } from '@/lib/error-alert'
import { useMessages } from '@/lib/language'
import { Link } from '@/lib/link'
import { Waiting } from '@/lib/waiting'

import { AddSample, SampleBanner } from './sample'
import { DashboardIntro } from './title'
import { UploadState } from './upload-state'

// Most of the page's script, which is not wanted before the figures are.
const Insights = dynamic(() => import('@/features/insights/insights').then((room) => room.Insights), {
  ssr: false,
  loading: Loading,
})

/** Where the latest upload stands, and what all of them say. */
export function Dashboard() {
  const messages = useMessages()
  const { restaurant } = useSession()
  // The upload first: if it is seen to be done, figures that are asked for later are those with it.
  const { upload, latest, isOutOfTouch } = useLatestUpload()
  const summary = useQuery(summaryQuery)
  const isViewer = restaurant.role === 'viewer'
  const isUnderWay = upload ? !isFinal(upload) : false
  const { data } = summary
  const sampleId = data?.sample_upload_id
  const error = summary.error ?? latest.error
  return (
    <div className="mx-auto max-w-6xl space-y-6">
      <div>
        <h1 className="text-2xl font-semibold">{messages.titles.dashboard}</h1>
        <DashboardIntro />
      </div>
      <ConfirmBanner />
      {/* All of it at once: what came later would push down what is being read. */}
      {summary.isPending || latest.isPending ? (
        <Loading />
      ) : (
        <>
          {data && hasSales(data) && sampleId && (
            <SampleBanner
              uploadId={sampleId}
              isUnderWay={isUnderWay && upload?.id === sampleId}
              isViewer={isViewer}
            />
          )}
          {upload && <UploadState upload={upload} isOutOfTouch={isOutOfTouch} />}
          {error && (
            <ErrorAlert
              error={error}
              title={summary.error ? messages.figures.errorTitle : messages.latest.errorTitle}
              onRetry={() => {
                void summary.refetch()
                void latest.refetch()
              }}
              isRetrying={summary.isFetching || latest.isFetching}
            />
          )}
          {data &&
            (hasSales(data) ? (
              <Insights firstDay={data.first_business_date} lastDay={data.last_business_date} />
            ) : (
              <NoSales isViewer={isViewer} isUnderWay={isUnderWay} />
            ))}
        </>
      )}
    </div>
  )
}

function NoSales({ isViewer, isUnderWay }: { isViewer: boolean; isUnderWay: boolean }) {
  const m = useMessages().figures
  return (
    <Card title={m.title}>
      <EmptyState
        icon={ChartNoAxesColumn}
        title={m.emptyTitle}
        action={
          !isViewer && (
            <div className="flex flex-col gap-3">
              <Button asChild>
                <Link href="/dashboard/data">{m.emptyAction}</Link>
              </Button>
              <AddSample isUnderWay={isUnderWay} />
            </div>
          )
        }
      >
        {isViewer ? m.emptyViewer : m.empty}
      </EmptyState>
    </Card>
  )
}

function Loading() {
  return <Waiting shapes={['h-11', 'h-56', 'h-96']} className="space-y-6" />
}

/** Whether there is anything to say. */
function hasSales(
  summary: Summary,
): summary is Summary & { first_business_date: string; last_business_date: string } {
  return summary.first_business_date !== null && summary.last_business_date !== null
}
