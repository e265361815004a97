import type { UploadTicket } from '@flux/api-client'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { en } from '@/lib/messages/en'

import { FakeXhr } from './fake-xhr'
import { createTransfers, describeSendError } from './transfers'

const whole: UploadTicket = {
  id: 'u1',
  put_url: '/api/storage/u1?signature=s',
  headers: { 'Content-Type': 'text/csv', 'Content-Length': '4', 'x-amz-meta-upload': 'u1' },
  parts: [],
  expires_at: '2999-01-01T00:00:00Z',
}
const inParts: UploadTicket = {
  ...whole,
  put_url: null,
  headers: {},
  parts: [
    { number: 1, put_url: '/one', size_bytes: 3 },
    { number: 2, put_url: '/two', size_bytes: 1 },
  ],
}
const csv = (name = 'sales.csv') => new File(['a,b\n'], name, { lastModified: 1 })

let asked: { method: string; path: string; body: unknown }[]
let announce: () => Response
let onSent: ReturnType<typeof vi.fn<(uploadId: string) => void>>

beforeEach(() => {
  asked = []
  announce = () => Response.json(whole, { status: 201 })
  onSent = vi.fn()
  FakeXhr.sent = []
  vi.stubGlobal('XMLHttpRequest', FakeXhr)
  vi.stubGlobal('fetch', async (request: Request) => {
    const path = new URL(request.url).pathname
    const text = await request.text()
    asked.push({ method: request.method, path, body: text ? (JSON.parse(text) as unknown) : null })
    return path === '/api/data/uploads' ? announce() : Response.json({ id: 'u1' })
  })
})

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
  sessionStorage.clear()
})

const start = () => createTransfers({ onSent })

/** The n-th request to the store, once it was made. */
const put = (nth = 0) =>
  vi.waitFor(() => {
    const xhr = FakeXhr.sent[nth]
    if (!xhr) throw new Error('nothing was put')
    return xhr
  })

const stateOf = (transfers: ReturnType<typeof start>) => transfers.getAll().map(({ state }) => state)

test('a file is announced with its name, size and a type, then put with exactly the headers of its ticket', async () => {
  start().add([csv()])
  const xhr = await put()
  expect(asked[0]).toEqual({
    method: 'POST',
    path: '/api/data/uploads',
    body: { filename: 'sales.csv', size_bytes: 4, content_type: 'text/csv' },
  })
  expect([xhr.method, xhr.url]).toEqual(['PUT', whole.put_url])
  // The length is the browser's to say; it refuses it from a page.
  expect(xhr.headers).toEqual({ 'Content-Type': 'text/csv', 'x-amz-meta-upload': 'u1' })
})

test('the transfer is followed in bytes, and gone once the file is there', async () => {
  const transfers = start()
  transfers.add([csv()])
  const xhr = await put()
  xhr.progressTo(3, 4)
  expect(transfers.getAll()[0]).toMatchObject({ state: 'sending', sentBytes: 3 })
  xhr.answer(200)
  await vi.waitFor(() => {
    expect(onSent).toHaveBeenCalledWith('u1')
  })
  expect(transfers.getAll()).toEqual([])
  expect(sessionStorage.getItem('flux-transfers')).toBe('[]')
})

test('of many files two are sent at a time, and each gets its turn', async () => {
  const transfers = start()
  transfers.add(['a', 'b', 'c'].map((name) => csv(`${name}.csv`)))
  await put(1)
  expect(stateOf(transfers)).toEqual(['sending', 'sending', 'waiting'])
  FakeXhr.sent[0]?.answer(200)
  await put(2)
  expect(stateOf(transfers)).toEqual(['sending', 'sending'])
})

test('a broken connection says so, and the same address is used when tried again', async () => {
  const transfers = start()
  transfers.add([csv()])
  ;(await put()).fail()
  await vi.waitFor(() => {
    expect(stateOf(transfers)).toEqual(['failed'])
  })
  const [failed] = transfers.getAll()
  expect(failed?.error && describeSendError(failed.error, en)).toContain('connection broke')
  transfers.retryInterrupted()
  expect((await put(1)).url).toBe(whole.put_url)
  expect(asked.filter(({ path }) => path === '/api/data/uploads')).toHaveLength(1)
})

test('a second try that finds the file there already has sent it', async () => {
  const transfers = start()
  transfers.add([csv()])
  ;(await put()).fail()
  await vi.waitFor(() => {
    expect(stateOf(transfers)).toEqual(['failed'])
  })
  transfers.retry(0)
  ;(await put(1)).answer(412)
  await vi.waitFor(() => {
    expect(onSent).toHaveBeenCalledWith('u1')
  })
})

test('a refusal by the API keeps its words, one by the object store gets ours, and both begin anew', async () => {
  const transfers = start()
  transfers.add([csv()])
  ;(await put()).answer(413, JSON.stringify({ code: 'file_too_large', detail: 'At most 100 MB.' }))
  await vi.waitFor(() => {
    expect(transfers.getAll()[0]?.error).toMatchObject({ status: 413, detail: 'At most 100 MB.' })
  })
  transfers.retry(0)
  ;(await put(1)).answer(403, '<Error><Code>AccessDenied</Code></Error>')
  await vi.waitFor(() => {
    const error = transfers.getAll()[0]?.error
    expect(error && describeSendError(error, en)).toContain('could not be stored')
  })
  expect(asked.filter(({ path }) => path === '/api/data/uploads')).toHaveLength(2)
})

test('a stopped transfer is no error, and the server hears of it', async () => {
  const transfers = start()
  transfers.add([csv()])
  await put()
  transfers.stop(0)
  expect(transfers.getAll()).toEqual([])
  await vi.waitFor(() => {
    expect(asked.at(-1)?.path).toBe('/api/data/uploads/u1/cancel')
  })
  expect(onSent).not.toHaveBeenCalled()
})

test('an empty file is refused before anything is sent', async () => {
  const transfers = start()
  transfers.add([new File([], 'empty.csv')])
  await vi.waitFor(() => {
    const error = transfers.getAll()[0]?.error
    expect(error && describeSendError(error, en)).toContain('empty')
  })
  expect(asked).toEqual([])
})

test('nothing is put when the announcement is refused', async () => {
  announce = () => Response.json({ code: 'forbidden', detail: 'Viewers cannot upload.' }, { status: 403 })
  const transfers = start()
  transfers.add([csv()])
  await vi.waitFor(() => {
    expect(transfers.getAll()[0]?.error).toMatchObject({ code: 'forbidden' })
  })
  expect(FakeXhr.sent).toEqual([])
})

test('a large file goes in parts, of which the API hears at the end', async () => {
  announce = () => Response.json(inParts, { status: 201 })
  const transfers = start()
  transfers.add([csv()])
  const texts: string[] = []
  for (const at of [0, 1]) {
    const xhr = await put(at)
    texts.push(await (xhr.body as Blob).text())
    xhr.answer(200)
  }
  expect(texts).toEqual(['a,b', '\n'])
  await vi.waitFor(() => {
    expect(asked.at(-1)).toEqual({
      method: 'POST',
      path: '/api/data/uploads/u1/complete',
      body: {
        parts: [
          { number: 1, etag: '"1"' },
          { number: 2, etag: '"2"' },
        ],
      },
    })
  })
})

test('a part whose connection broke is sent again by itself, and those before it are not', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true })
  announce = () => Response.json(inParts, { status: 201 })
  const transfers = start()
  transfers.add([csv()])
  ;(await put(0)).answer(200)
  ;(await put(1)).fail()
  await vi.advanceTimersByTimeAsync(1_000)
  expect((await put(2)).url).toBe('/two')
  expect(stateOf(transfers)).toEqual(['sending'])
})

test('after a reload the parts that had arrived are known, and the same file goes on from there', async () => {
  announce = () => Response.json(inParts, { status: 201 })
  start().add([csv()])
  ;(await put(0)).answer(200)
  await put(1)

  const afterReload = start()
  expect(afterReload.getAll()).toMatchObject([{ state: 'left', sentBytes: 3, facts: { name: 'sales.csv' } }])
  afterReload.add([csv()])
  expect((await put(2)).url).toBe('/two')
  expect(asked.filter(({ path }) => path === '/api/data/uploads')).toHaveLength(1)
})

test('another file of the same name does not go on where the first one was left', async () => {
  announce = () => Response.json(inParts, { status: 201 })
  start().add([csv()])
  ;(await put(0)).answer(200)
  await put(1)
  const afterReload = start()
  afterReload.add([new File(['x,y\n'], 'sales.csv', { lastModified: 2 })])
  expect((await put(2)).url).toBe('/one')
})

test('what was left too long ago is forgotten', () => {
  const note = {
    facts: { name: 'a', size: 1, lastModified: 1 },
    ticket: { ...whole, expires_at: '2001-01-01T00:00:00Z' },
    sent: [],
  }
  sessionStorage.setItem('flux-transfers', JSON.stringify([note]))
  expect(start().getAll()).toEqual([])
})
