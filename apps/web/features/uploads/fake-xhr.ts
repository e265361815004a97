/** An XMLHttpRequest whose progress and answer a test decides. */
export class FakeXhr {
  static sent: FakeXhr[] = []

  method = ''
  url = ''
  body: unknown
  readonly headers: Record<string, string> = {}
  readonly upload: { onprogress?: (event: { loaded: number; total: number }) => void } = {}
  status = 0
  responseText = ''
  onload?: () => void
  onerror?: () => void
  onabort?: () => void

  open(method: string, url: string) {
    this.method = method
    this.url = url
  }

  setRequestHeader(name: string, value: string) {
    this.headers[name] = value
  }

  getResponseHeader(name: string) {
    return name === 'ETag' ? `"${String(FakeXhr.sent.indexOf(this) + 1)}"` : null
  }

  send(body: unknown) {
    this.body = body
    FakeXhr.sent.push(this)
  }

  abort() {
    this.onabort?.()
  }

  progressTo(loaded: number, total: number) {
    this.upload.onprogress?.({ loaded, total })
  }

  answer(status: number, responseText = '') {
    this.status = status
    this.responseText = responseText
    this.onload?.()
  }

  fail() {
    this.onerror?.()
  }
}
