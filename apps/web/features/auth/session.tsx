'use client'

import type { Account, Restaurant } from '@flux/api-client'
import { useQuery } from '@tanstack/react-query'
import { createContext, use, useMemo, type ReactNode } from 'react'

import { isSignedOut } from '@/lib/errors'
import { createFormat, type Format } from '@/lib/format'
import { useLanguage, useMessages } from '@/lib/language'
import { PageMessage } from '@/lib/page-message'

import { accountQuery } from './api'
import { LogOutButton } from './log-out-button'
import { PageError, PageLoading } from './page-states'

export type Session = { account: Account; restaurant: Restaurant; format: Format }

const SessionContext = createContext<Session | null>(null)

/** Who is here, the restaurant they look at, and how it writes numbers and dates. */
export function useSession(): Session {
  const session = use(SessionContext)
  if (!session) throw new Error('useSession is used outside of a SessionGate')
  return session
}

/** Lets only people with a session through. The API client sends everyone else to the login page. */
export function SessionGate({ children }: { children: ReactNode }) {
  const messages = useMessages()
  const { data: account, error, refetch, isFetching } = useQuery(accountQuery)
  const restaurant = account?.restaurants[0]
  const [language] = useLanguage()
  const session = useMemo(
    () => account && restaurant && { account, restaurant, format: createFormat(restaurant, language) },
    [account, restaurant, language],
  )

  if (session) return <SessionContext value={session}>{children}</SessionContext>
  if (account) {
    const m = messages.dashboard
    return (
      <PageMessage title={m.noRestaurantTitle} detail={m.noRestaurant}>
        <LogOutButton />
      </PageMessage>
    )
  }
  if (error && !isSignedOut(error)) {
    return <PageError error={error} onRetry={() => void refetch()} isRetrying={isFetching} />
  }
  return <PageLoading />
}
