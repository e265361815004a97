'use client'

import { Button } from '@flux/ui'
import type { UseInfiniteQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'

import { ErrorAlert } from './error-alert'
import { Waiting } from './waiting'

type PagedProps = {
  query: Pick<
    UseInfiniteQueryResult,
    'isPending' | 'error' | 'refetch' | 'fetchNextPage' | 'isFetching' | 'isFetchingNextPage' | 'hasNextPage'
  >
  /** Whether there is something to show already, so that only the rest is missing. */
  hasSome: boolean
  errorTitle: string
  moreLabel: string
  children: ReactNode
}

/** A list that is loaded page by page: its loading, its error, and the way to the next page. */
export function Paged({ query, hasSome, errorTitle, moreLabel, children }: PagedProps) {
  return (
    <>
      {query.isPending && <Waiting shapes={['h-14', 'h-14', 'h-14']} />}
      {children}
      {query.error && (
        <div className="mt-3">
          <ErrorAlert
            error={query.error}
            title={errorTitle}
            onRetry={() => void (hasSome ? query.fetchNextPage() : query.refetch())}
            isRetrying={query.isFetching}
          />
        </div>
      )}
      {query.hasNextPage && !query.error && (
        <Button
          look="secondary"
          isLoading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
          className="mt-4 w-full"
        >
          {moreLabel}
        </Button>
      )}
    </>
  )
}
