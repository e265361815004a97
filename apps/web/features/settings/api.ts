import { unwrap } from '@flux/api-client'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'

import { api } from '@/lib/api'

/** Asked again while files are being read by new settings, so that one sees when it is done. */
const askAgainEvery = 3_000

export const settingsQuery = queryOptions({
  queryKey: ['settings'],
  queryFn: () => unwrap(api.GET('/api/restaurants/current')),
  refetchInterval: ({ state }) => ((state.data?.files_to_read_again ?? 0) > 0 ? askAgainEvery : false),
})

export const changeSettings = (body: { name: string; day_starts_at: string }) =>
  unwrap(api.PATCH('/api/restaurants/current', { body }))

export const sessionsQuery = infiniteQueryOptions({
  queryKey: ['sessions'],
  queryFn: ({ pageParam }) =>
    unwrap(api.GET('/api/auth/sessions', { params: { query: { limit: 20, cursor: pageParam } } })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next_cursor ?? undefined,
})

export const endSession = (id: string) =>
  unwrap(api.DELETE('/api/auth/sessions/{session_id}', { params: { path: { session_id: id } } }))

export const endAllSessions = () => unwrap(api.POST('/api/auth/logout-all'))

export const changePassword = (body: { current_password: string; new_password: string }) =>
  unwrap(api.POST('/api/auth/password', { body }))
