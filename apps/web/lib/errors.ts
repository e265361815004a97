import { ApiProblem, Unreachable } from '@flux/api-client'

import type { Messages } from './messages/en'

export type ErrorWords = { title: string; detail: string; reference: string | null }

/** Whether there is no one to ask just now, so that asking again later is the answer. */
export function isUnreachable(error: unknown): boolean {
  if (error instanceof Unreachable) return true
  return error instanceof ApiProblem && [502, 503, 504].includes(error.status)
}

/** Whether the link of a mail was used, is too old, or was replaced. */
export function isLinkSpent(error: unknown): boolean {
  return error instanceof ApiProblem && error.code === 'link_spent'
}

/** Whether an e-mail and a password do not belong together. */
export function isWrongCredentials(error: unknown): boolean {
  return error instanceof ApiProblem && error.code === 'wrong_credentials'
}

export function isSignedOut(error: unknown): boolean {
  return error instanceof ApiProblem && error.status === 401
}

export function isNotFound(error: unknown): boolean {
  return error instanceof ApiProblem && error.status === 404
}

/** An error in words for someone who runs a restaurant: what happened, and what to do. */
export function describeError(error: unknown, messages: Messages): ErrorWords {
  const m = messages.errors
  const words = (title: string, detail: string, reference: string | null = null) => ({
    title,
    detail,
    reference,
  })

  if (isUnreachable(error)) return words(m.unreachableTitle, m.unreachable)
  if (!(error instanceof ApiProblem)) return words(m.unexpectedTitle, m.unexpected)
  // The API's sentence says how long to wait; where it says it in another language, a rule of thumb is better.
  if (error.status === 429)
    return words(m.refusedTitle, messages.codes[error.code] ?? (error.detail || m.tooMany))

  const known = messages.codes[error.code] ?? (error.status < 500 ? error.detail : '')
  if (known) return words(m.refusedTitle, known)
  return words(m.unexpectedTitle, m.unexpected, error.requestId && m.reference(error.requestId))
}

/** What the API says about single fields, by the field's name (the end of the pointer). */
export function fieldErrors(error: unknown, messages?: Messages): Record<string, string> {
  if (!(error instanceof ApiProblem)) return {}
  return Object.fromEntries(
    error.fields.map(({ pointer, code, detail }) => [
      pointer.split('/').at(-1) ?? '',
      messages?.codes[code] ?? detail,
    ]),
  )
}
