import { ApiProblem, Unreachable } from '@flux/api-client'

import { messages } from './messages'

const m = messages.errors

export type ErrorWords = { title: string; detail: string; reference: string | null }

/** Whether there is no one to ask just now, so that asking again later is the answer. */
export function isUnreachable(error: unknown): boolean {
  if (error instanceof Unreachable) return true
  return error instanceof ApiProblem && [502, 503, 504].includes(error.status)
}

export function isSignedOut(error: unknown): boolean {
  return error instanceof ApiProblem && error.status === 401
}

/** An error in words for someone who runs a restaurant: what happened, and what to do. */
export function describeError(error: unknown): ErrorWords {
  const words = (title: string, detail: string, reference: string | null = null) => ({
    title,
    detail,
    reference,
  })

  if (isUnreachable(error)) return words(m.unreachableTitle, m.unreachable)
  if (!(error instanceof ApiProblem)) return words(m.unexpectedTitle, m.unexpected)
  if (error.status === 429) return words(m.tooManyTitle, m.tooMany)

  const known = messages.codes[error.code] ?? (error.status < 500 ? error.detail : '')
  if (known) return words(m.refusedTitle, known)
  return words(m.unexpectedTitle, m.unexpected, error.requestId && m.reference(error.requestId))
}

/** What the API says about single fields, by the field's name (the end of the pointer). */
export function fieldErrors(error: unknown): Record<string, string> {
  if (!(error instanceof ApiProblem)) return {}
  if (error.code === 'email_taken') return { email: describeError(error).detail }
  return Object.fromEntries(
    error.fields.map(({ pointer, detail }) => [pointer.split('/').at(-1) ?? '', detail]),
  )
}
