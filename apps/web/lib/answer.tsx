import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'

import { ErrorAlert } from './error-alert'
import { Waiting } from './waiting'

type AnswerProps<Data> = {
  query: Pick<UseQueryResult<Data>, 'data' | 'error' | 'refetch' | 'isFetching'>
  errorTitle: string
  /** What is shown until it is there. */
  shapes: readonly string[]
  children: (data: Data) => ReactNode
}

/** What was asked for; until it is there, its shape; and if it cannot be had, why, and the way to ask again. */
export function Answer<Data>({ query, errorTitle, shapes, children }: AnswerProps<Data>) {
  const { data, error, refetch, isFetching } = query
  if (data !== undefined) return children(data)
  if (!error) return <Waiting shapes={shapes} />
  return (
    <ErrorAlert error={error} title={errorTitle} onRetry={() => void refetch()} isRetrying={isFetching} />
  )
}
