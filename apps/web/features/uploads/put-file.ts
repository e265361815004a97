import { ApiProblem, type UploadTicket } from '@flux/api-client'

/** The connection broke before the whole file was there. */
export class TransferInterrupted extends Error {
  override readonly name = 'TransferInterrupted'
}

/** The browser sets these itself and refuses them from a page. */
const setByBrowser = ['content-length', 'host']

type PutFile = {
  ticket: Pick<UploadTicket, 'put_url' | 'headers'>
  file: File
  /** Called with the share sent so far, 0 to 1. */
  onProgress: (share: number) => void
  /** Aborting rejects with an `AbortError`. */
  signal: AbortSignal
}

/** Puts a file where its ticket says. XMLHttpRequest and not fetch, which cannot tell how much has been sent. */
export function putFile({ ticket, file, onProgress, signal }: PutFile): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('PUT', ticket.put_url)
    for (const [name, value] of Object.entries(ticket.headers)) {
      if (!setByBrowser.includes(name.toLowerCase())) request.setRequestHeader(name, value)
    }
    request.upload.onprogress = ({ loaded, total }) => {
      onProgress(total > 0 ? loaded / total : 0)
    }
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) resolve()
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
    else request.send(file)
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
