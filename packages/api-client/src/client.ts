import createFetchClient, { type Client as FetchClient } from 'openapi-fetch'

import { ApiProblem, Unreachable } from './problem'
import type { paths } from './schema'
import { keepSession, type Send } from './session'

export type Client = FetchClient<paths>

export type ClientOptions = {
  /** Where the API is; the web app and the API share one origin. */
  origin: string
  /** Called when the session is over and cannot be refreshed. */
  onSignedOut: () => void
  /** What sends a request; the browser's fetch unless a test says otherwise. */
  send?: Send
}

/** Each request by itself, so that a slow phone answers a finger between those of a page that asks much at once. */
const fetchInTurn: Send = async (request) => {
  await new Promise((resolve) => setTimeout(resolve))
  return fetch(request)
}

/** The API's typed client: cookies included, sessions refreshed, no answer turned into `Unreachable`. */
export function createClient({ origin, onSignedOut, send = fetchInTurn }: ClientOptions): Client {
  const sendOrSay: Send = async (request) => {
    try {
      return await send(request)
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') throw error
      throw new Unreachable('The API did not answer.', { cause: error })
    }
  }
  return createFetchClient<paths>({
    baseUrl: origin,
    credentials: 'include',
    fetch: keepSession(sendOrSay, onSignedOut),
  })
}

type Result<T> = { data?: T; error?: unknown; response: Response }

/** The answer's data, or the problem it carries as an `ApiProblem`. */
export async function unwrap<T>(result: Promise<Result<T>>): Promise<T> {
  const { data, error, response } = await result
  if (!response.ok) throw ApiProblem.from(response.status, error)
  return data as T
}
