import type { Upload } from '@flux/api-client'
import { QueryClientProvider } from '@tanstack/react-query'
import { act, renderHook, waitFor } from '@testing-library/react'
import type { ReactNode } from 'react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { en } from '@/lib/messages/en'
import { createQueryClient } from '@/lib/query'

import { latestUploadQuery } from './api'
import { FakeXhr } from './fake-xhr'
import { describeSendError, useSendFile } from './use-send-file'

const ticket = {
  id: 'u1',
  put_url: '/api/storage/u1?signature=s',
  headers: { 'Content-Type': 'text/csv', 'Content-Length': '4', 'x-amz-meta-upload': 'u1' },
  parts: [],
  expires_at: '2026-01-01T00:00:00Z',
}
const upload: Upload = {
  id: 'u1',
  filename: 'sales.csv',
  size_bytes: 4,
  status: 'processing',
  requested: null,
  progress: 0,
  created_at: '2026-01-01T00:00:00Z',
  report: null,
}
const csv = new File(['a,b\n'], 'sales.csv')

let asked: { method: string; path: string; body: unknown }[]
let announce: () => Response

beforeEach(() => {
  asked = []
  announce = () => Response.json(ticket, { status: 201 })
  FakeXhr.sent = []
  vi.stubGlobal('XMLHttpRequest', FakeXhr)
  vi.stubGlobal('fetch', async (request: Request) => {
    const { method } = request
    asked.push({
      method,
      path: new URL(request.url).pathname,
      body: method === 'POST' ? await request.json() : null,
    })
    return method === 'POST' ? announce() : Response.json(upload)
  })
})

afterEach(() => {
  vi.unstubAllGlobals()
})

function setUp() {
  const client = createQueryClient()
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={client}>{children}</QueryClientProvider>
  )
  const { result } = renderHook(() => useSendFile(), { wrapper })
  return { client, hook: result }
}

async function sendUntilTransfer() {
  const { client, hook } = setUp()
  act(() => {
    hook.current.send(csv)
  })
  const xhr = await waitFor(() => {
    const [first] = FakeXhr.sent
    if (!first) throw new Error('nothing was put')
    return first
  })
  return { client, hook, xhr }
}

test('a file is announced with its name, size and a type, then put with exactly the headers of its ticket', async () => {
  const { xhr } = await sendUntilTransfer()
  expect(asked[0]).toEqual({
    method: 'POST',
    path: '/api/data/uploads',
    body: { filename: 'sales.csv', size_bytes: 4, content_type: 'text/csv' },
  })
  expect([xhr.method, xhr.url, xhr.body]).toEqual(['PUT', ticket.put_url, csv])
  // The length is the browser's to say; it refuses it from a page.
  expect(xhr.headers).toEqual({ 'Content-Type': 'text/csv', 'x-amz-meta-upload': 'u1' })
})

test('the transfer is followed, and its upload becomes the latest one', async () => {
  const { client, hook, xhr } = await sendUntilTransfer()
  expect(hook.current.isSending).toBe(true)
  act(() => {
    xhr.progressTo(3, 4)
  })
  await waitFor(() => {
    expect(hook.current.progress).toBe(0.75)
  })
  act(() => {
    xhr.answer(200)
  })
  await waitFor(() => {
    expect(hook.current.isSending).toBe(false)
  })
  expect(hook.current.error).toBeNull()
  expect(client.getQueryData(latestUploadQuery.queryKey)).toEqual(upload)
})

test('a broken connection says so, and the same file can be sent again', async () => {
  const { hook, xhr } = await sendUntilTransfer()
  act(() => {
    xhr.fail()
  })
  await waitFor(() => {
    expect(hook.current.error).not.toBeNull()
  })
  expect(hook.current.error && describeSendError(hook.current.error, en)).toContain('connection broke')
  act(() => {
    hook.current.send(csv)
  })
  await waitFor(() => {
    expect(FakeXhr.sent).toHaveLength(2)
  })
  expect(hook.current.error).toBeNull()
})

test('a refusal by the API keeps its words, one by the object store gets ours', async () => {
  const { hook, xhr } = await sendUntilTransfer()
  act(() => {
    xhr.answer(413, JSON.stringify({ code: 'file_too_large', detail: 'At most 100 MB.' }))
  })
  await waitFor(() => {
    expect(hook.current.error).toMatchObject({ status: 413, detail: 'At most 100 MB.' })
  })
  act(() => {
    hook.current.send(csv)
  })
  await waitFor(() => {
    expect(FakeXhr.sent).toHaveLength(2)
  })
  act(() => {
    FakeXhr.sent[1]?.answer(403, '<Error><Code>AccessDenied</Code></Error>')
  })
  await waitFor(() => {
    expect(hook.current.error && describeSendError(hook.current.error, en)).toContain('could not be stored')
  })
})

test('a stopped transfer is no error', async () => {
  const { client, hook } = await sendUntilTransfer()
  act(() => {
    hook.current.stop()
  })
  await waitFor(() => {
    expect(hook.current.isSending).toBe(false)
  })
  expect(hook.current.error).toBeNull()
  expect(client.getQueryData(latestUploadQuery.queryKey)).toBeUndefined()
})

test('an empty file is refused before anything is sent', async () => {
  const { hook } = setUp()
  act(() => {
    hook.current.send(new File([], 'empty.csv'))
  })
  await waitFor(() => {
    expect(hook.current.error && describeSendError(hook.current.error, en)).toContain('empty')
  })
  expect(asked).toEqual([])
})

test('nothing is put when the announcement is refused', async () => {
  announce = () => Response.json({ code: 'forbidden', detail: 'Viewers cannot upload.' }, { status: 403 })
  const { hook } = setUp()
  act(() => {
    hook.current.send(csv)
  })
  await waitFor(() => {
    expect(hook.current.error).toMatchObject({ code: 'forbidden' })
  })
  expect(FakeXhr.sent).toEqual([])
})

test('leaving the page while a file is being sent asks first', async () => {
  const { hook } = await sendUntilTransfer()
  const leaves = () => window.dispatchEvent(new Event('beforeunload', { cancelable: true }))
  expect(leaves()).toBe(false)
  act(() => {
    hook.current.stop()
  })
  await waitFor(() => {
    expect(leaves()).toBe(true)
  })
})

test('a large file goes in parts, of which the API hears at the end', async () => {
  const parts = [
    { number: 1, put_url: '/one', size_bytes: 3 },
    { number: 2, put_url: '/two', size_bytes: 1 },
  ]
  announce = () =>
    asked.length === 1
      ? Response.json({ ...ticket, put_url: null, headers: {}, parts }, { status: 201 })
      : Response.json(upload)
  const { hook } = setUp()
  act(() => {
    hook.current.send(csv)
  })
  const texts: string[] = []
  for (const [at, { put_url, size_bytes }] of parts.entries()) {
    const xhr = await waitFor(() => {
      const put = FakeXhr.sent[at]
      if (!put) throw new Error('the part was not put')
      return put
    })
    expect(xhr.url).toBe(put_url)
    texts.push(await (xhr.body as Blob).text())
    act(() => {
      xhr.progressTo(size_bytes, size_bytes)
    })
    expect(hook.current.progress).toBe(at === 0 ? 0.75 : 1)
    act(() => {
      xhr.answer(200)
    })
  }
  expect(texts).toEqual(['a,b', '\n'])
  await waitFor(() => {
    expect(asked[1]).toEqual({
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
