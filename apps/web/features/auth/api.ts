import { unwrap, type Credentials, type Registration } from '@flux/api-client'
import { queryOptions } from '@tanstack/react-query'

import { api } from '@/lib/api'
import { isUnreachable } from '@/lib/errors'

/** Asked again every few seconds while the API is away, so that the page comes back by itself. */
const retryEvery = 4_000

export const accountQuery = queryOptions({
  queryKey: ['account'],
  queryFn: () => unwrap(api.GET('/api/auth/me')),
  staleTime: 60_000,
  refetchInterval: ({ state }) => (isUnreachable(state.error) ? retryEvery : false),
})

export const logIn = (body: Credentials) => unwrap(api.POST('/api/auth/login', { body }))

/** Registering opens no session, so that the answer tells nothing about an address; the same words then log in. */
export async function register(body: Registration): Promise<void> {
  await unwrap(api.POST('/api/auth/register', { body }))
  await logIn({ email: body.email, password: body.password })
}

export const logOut = () => unwrap(api.POST('/api/auth/logout'))
