import {
  unwrap,
  type Credentials,
  type LinkAndPassword,
  type MailRequest,
  type Registration,
} from '@flux/api-client'
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

/**
 * Registers, then logs in with the same words, which works at once only where addresses need not be confirmed. Says
 * whether a session began. Whatever keeps us out, the account is made: the way on is the mail, and to try again.
 */
export async function register(body: Registration): Promise<{ isLoggedIn: boolean }> {
  await unwrap(api.POST('/api/auth/register', { body }))
  try {
    await logIn({ email: body.email, password: body.password })
    return { isLoggedIn: true }
  } catch {
    return { isLoggedIn: false }
  }
}

export const confirmEmail = (body: LinkAndPassword) => unwrap(api.POST('/api/auth/email/verify', { body }))

export const sendConfirmation = (body: MailRequest) => unwrap(api.POST('/api/auth/email/resend', { body }))

export const sendResetLink = (body: MailRequest) => unwrap(api.POST('/api/auth/password/forgot', { body }))

export const resetPassword = (body: LinkAndPassword) => unwrap(api.POST('/api/auth/password/reset', { body }))

export const logOut = () => unwrap(api.POST('/api/auth/logout'))
