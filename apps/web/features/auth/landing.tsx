'use client'

import { useQuery } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useEffect } from 'react'

import { isSignedOut } from '@/lib/errors'

import { accountQuery } from './api'
import { PageError, PageLoading } from './page-states'

/** The address without a path: on to the dashboard, or (by the API client) to the login page. */
export function Landing() {
  const router = useRouter()
  const { data: account, error, refetch, isFetching } = useQuery(accountQuery)

  useEffect(() => {
    if (account) router.replace('/dashboard')
  }, [account, router])

  if (error && !isSignedOut(error)) {
    return <PageError error={error} onRetry={() => void refetch()} isRetrying={isFetching} />
  }
  return <PageLoading />
}
