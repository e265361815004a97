import { ApiProblem, type UploadTicket } from '@flux/api-client'

/** The connection broke before the whole file was there. */
export class TransferInterrupted extends Error {
  override readonly name = 'TransferInterrupted'
}

/** The browser sets these itself and refuses them from a page. */
const setByBrowser = ['content-length', 'host']

/** How long to wait before a part is sent again, in milliseconds, each time the connection broke. */
const pauses = [1_000, 3_000, 9_000]

export type SentPart = { number: number; etag: string }

type PutFile = {
  ticket: Pick<UploadTicket, 'put_url' | 'headers' | 'parts'>
  file: File
  /** Parts that are in the store already. */
  sent: SentPart[]
  /** Called with the bytes sent so far. */
  onProgress: (bytes: number) => void
  /** Called with each part that is in the store now. */
  onPart: (part: SentPart) => void
  /** Aborting rejects with an `AbortError`. */
  signal: AbortSignal
}

/** Puts a file where its ticket says: whole, or the parts that are not there yet. */
export async function putFile({ ticket, file, sent, onProgress, onPart, signal }: PutFile): Promise<void> {
  if (ticket.put_url !== null) {
    await putBlob(ticket.put_url, ticket.headers, file, onProgress, signal)
    return
  }
  let begin = 0
  for (const { number, put_url, size_bytes } of ticket.parts) {
    const done = begin
    begin += size_bytes
    if (!sent.some((part) => part.number === number)) {
      const part = file.slice(done, begin)
      const put = () =>
        putBlob(
          put_url,
          {},
          part,
          (bytes) => {
            onProgress(done + bytes)
          },
          signal,
        )
      const etag = await putAgain(put, signal)
      if (etag === null) throw new TransferInterrupted('The store did not say what it got.')
      onPart({ number, etag })
    }
    onProgress(begin)
  }
}

/** Tries a few times while the connection breaks. */
async function putAgain<T>(put: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (const pause of pauses) {
    try {
      return await put()
    } catch (error) {
      if (!(error instanceof TransferInterrupted)) throw error
      await sleep(pause, signal)
    }
  }
  return put()
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(stopped())
    })
  })
}

const stopped = () => new DOMException('The upload was stopped.', 'AbortError')

/** The answer's ETag. XMLHttpRequest and not fetch, which cannot tell how much has been sent. */
function putBlob(
  url: string,
  headers: Record<string, string>,
  blob: Blob,
  onProgress: (bytes: number) => void,
  signal: AbortSignal,
): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('PUT', url)
    for (const [name, value] of Object.entries(headers)) {
      if (!setByBrowser.includes(name.toLowerCase())) request.setRequestHeader(name, value)
    }
    request.upload.onprogress = ({ loaded }) => {
      onProgress(loaded)
    }
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) resolve(request.getResponseHeader('ETag'))
      else reject(ApiProblem.from(request.status, parsed(request.responseText)))
    }
    request.onerror = () => {
      reject(new TransferInterrupted('The file was not sent whole.'))
    }
    request.onabort = () => {
      reject(stopped())
    }
    signal.addEventListener('abort', () => {
      request.abort()
    })
    if (signal.aborted) request.onabort(new ProgressEvent('abort'))
    else request.send(blob)
  })
}

/** The store may be the API (a problem in JSON) or S3 (XML, which says nothing to the owner). */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
