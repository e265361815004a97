'use client'

import type { Account, Restaurant } from '@flux/api-client'
import { useQuery } from '@tanstack/react-query'
import {
  createContext,
  Fragment,
  use,
  useDeferredValue,
  useMemo,
  type ComponentType,
  type ReactNode,
} from 'react'

import { isSignedOut } from '@/lib/errors'
import { createFormat, type Format } from '@/lib/format'
import { useLanguage, useMessages } from '@/lib/language'
import { PageMessage } from '@/lib/page-message'

import { accountQuery } from './api'
import { LogOutButton } from './log-out-button'
import { PageError } from './page-states'

export type Session = { account: Account; restaurant: Restaurant; format: Format }

const SessionContext = createContext<Session | null>(null)

/** Who is here, the restaurant they look at, and how it writes numbers and dates. */
export function useSession(): Session {
  const session = use(SessionContext)
  if (!session) throw new Error('useSession is used outside of a SessionGate')
  return session
}

/** The session, for what is there before it is known. */
export function useSessionIfKnown(): Session | null {
  return use(SessionContext)
}

type SessionGateProps = {
  /** What is around the page, and what stands for the page until it is known who is here: both are in the built page. */
  frame?: ComponentType<{ children: ReactNode }>
  waiting?: ReactNode
  children: ReactNode
}

/** Lets only people with a session through. The API client sends everyone else to the login page. */
export function SessionGate({ frame: Frame = Fragment, waiting, children }: SessionGateProps) {
  const messages = useMessages()
  const { data, error, refetch, isFetching } = useQuery(accountQuery)
  // The page behind it is drawn bit by bit, so that a phone answers a finger in between.
  const account = useDeferredValue(data)
  const restaurant = account?.restaurants[0]
  const [language] = useLanguage()
  const session = useMemo(
    () => account && restaurant && { account, restaurant, format: createFormat(restaurant, language) },
    [account, restaurant, language],
  )

  if (account && !restaurant) {
    const m = messages.dashboard
    return (
      <PageMessage title={m.noRestaurantTitle} detail={m.noRestaurant}>
        <LogOutButton />
      </PageMessage>
    )
  }
  if (!session && error && !isSignedOut(error)) {
    return <PageError error={error} onRetry={() => void refetch()} isRetrying={isFetching} />
  }
  return (
    <SessionContext value={session ?? null}>
      <Frame>{session ? children : waiting}</Frame>
    </SessionContext>
  )
}
