'use client'

import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'

import { isUnreachable } from './errors'

/** A broken connection is worth one more try; an answer that says no is not. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // The browser's idea of being offline is often wrong, and a request that fails says so in plain words.
        networkMode: 'always',
        retry: (failures, error) => failures < 1 && isUnreachable(error),
        retryDelay: 500,
        staleTime: 10_000,
      },
      mutations: { networkMode: 'always' },
    },
  })
}

export function QueryProvider({ children }: { children: ReactNode }) {
  const [client] = useState(createQueryClient)
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>
}
