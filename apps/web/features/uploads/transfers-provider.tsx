'use client'

import { useQueryClient } from '@tanstack/react-query'
import { createContext, use, useEffect, useState, useSyncExternalStore, type ReactNode } from 'react'

import { createTransfers, type Transfer, type Transfers } from './transfers'

const TransfersContext = createContext<Transfers | null>(null)

/** Around all pages behind the login, so that files go on being sent while one looks at another of them. */
export function TransfersProvider({ children }: { children: ReactNode }) {
  const queryClient = useQueryClient()
  const [transfers] = useState(() =>
    createTransfers({
      onSent: () => {
        void queryClient.invalidateQueries({ queryKey: ['uploads'] })
        // A small file may be done by now.
        void queryClient.invalidateQueries({ queryKey: ['insights'] })
      },
    }),
  )

  useEffect(() => {
    window.addEventListener('online', transfers.retryInterrupted)
    const warn = (event: BeforeUnloadEvent) => {
      if (transfers.getAll().some(({ state }) => state === 'sending' || state === 'waiting')) {
        event.preventDefault()
      }
    }
    window.addEventListener('beforeunload', warn)
    return () => {
      window.removeEventListener('online', transfers.retryInterrupted)
      window.removeEventListener('beforeunload', warn)
    }
  }, [transfers])

  return <TransfersContext value={transfers}>{children}</TransfersContext>
}

export function useTransfers(): Omit<Transfers, 'getAll' | 'subscribe'> & { all: Transfer[] } {
  const transfers = use(TransfersContext)
  if (!transfers) throw new Error('useTransfers is used outside of a TransfersProvider')
  const all = useSyncExternalStore(transfers.subscribe, transfers.getAll, transfers.getAll)
  return { ...transfers, all }
}
