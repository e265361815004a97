/** One thing wrong with one field of a request; `pointer` is a JSON pointer such as `/email`. */
export type FieldProblem = { pointer: string; code: string; detail: string }

type ProblemBody = {
  code: string
  detail: string
  request_id?: string
  errors?: FieldProblem[] | null
}

/** The API answered, and the answer was no (RFC 9457). */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem'

  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly fields: FieldProblem[] = [],
    readonly requestId: string | null = null,
  ) {
    super(`${status} ${code}: ${detail}`)
  }

  /** Reads a problem from a body; a body that is none (a proxy's page, nothing) still makes a problem. */
  static from(status: number, body: unknown): ApiProblem {
    if (!isProblemBody(body)) return new ApiProblem(status, 'unknown', '')
    return new ApiProblem(status, body.code, body.detail, body.errors ?? [], body.request_id ?? null)
  }
}

/** No answer came: no network, or nobody listens. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable'
}

function isProblemBody(body: unknown): body is ProblemBody {
  return (
    typeof body === 'object' &&
    body !== null &&
    'code' in body &&
    typeof body.code === 'string' &&
    'detail' in body &&
    typeof body.detail === 'string'
  )
}
