import { ApiProblem, type UploadTicket } from '@flux/api-client'

/** The connection broke before the whole file was there. */
export class TransferInterrupted extends Error {
  override readonly name = 'TransferInterrupted'
}

/** The browser sets these itself and refuses them from a page. */
const setByBrowser = ['content-length', 'host']

export type SentPart = { number: number; etag: string }

type PutFile = {
  ticket: Pick<UploadTicket, 'put_url' | 'headers' | 'parts'>
  file: File
  /** Called with the share sent so far, 0 to 1. */
  onProgress: (share: number) => void
  /** Aborting rejects with an `AbortError`. */
  signal: AbortSignal
}

/** Puts a file where its ticket says; of one that goes in parts, what is to be said of them at the end. */
export async function putFile({ ticket, file, onProgress, signal }: PutFile): Promise<SentPart[]> {
  if (ticket.put_url !== null) {
    await putBlob(ticket.put_url, ticket.headers, file, onProgress, signal)
    return []
  }
  const sent: SentPart[] = []
  let begin = 0
  for (const { number, put_url, size_bytes } of ticket.parts) {
    const done = begin
    const etag = await putBlob(
      put_url,
      {},
      file.slice(done, done + size_bytes),
      (share) => {
        onProgress((done + share * size_bytes) / file.size)
      },
      signal,
    )
    if (etag === null) throw new TransferInterrupted('The store did not say what it got.')
    sent.push({ number, etag })
    begin += size_bytes
  }
  return sent
}

/** The answer's ETag. XMLHttpRequest and not fetch, which cannot tell how much has been sent. */
function putBlob(
  url: string,
  headers: Record<string, string>,
  blob: Blob,
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('PUT', url)
    for (const [name, value] of Object.entries(headers)) {
      if (!setByBrowser.includes(name.toLowerCase())) request.setRequestHeader(name, value)
    }
    request.upload.onprogress = ({ loaded, total }) => {
      onProgress(total > 0 ? loaded / total : 0)
    }
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) resolve(request.getResponseHeader('ETag'))
      else reject(ApiProblem.from(request.status, parsed(request.responseText)))
    }
    request.onerror = () => {
      reject(new TransferInterrupted('The file was not sent whole.'))
    }
    request.onabort = () => {
      reject(new DOMException('The upload was stopped.', 'AbortError'))
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
