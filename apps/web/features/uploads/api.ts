import { unwrap, type Mapping, type Upload } from '@flux/api-client'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'

import { api } from '@/lib/api'

import { createPace, type Pace } from './pace'
import type { SentPart } from './put-file'
import { isFinal, pollInterval } from './status'

const rejectedRowsPerPage = 20
const uploadsPerPage = 20

const path = (id: string) => ({ path: { upload_id: id } })

export const latestUploadQuery = queryOptions({
  queryKey: ['uploads', 'latest'],
  queryFn: async (): Promise<Upload | null> => {
    const { items } = await unwrap(api.GET('/api/data/uploads', { params: { query: { limit: 1 } } }))
    return items[0] ?? null
  },
})

/** Newest first. */
export const uploadsQuery = infiniteQueryOptions({
  queryKey: ['uploads', 'all'],
  queryFn: ({ pageParam }) =>
    unwrap(api.GET('/api/data/uploads', { params: { query: { limit: uploadsPerPage, cursor: pageParam } } })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next_cursor ?? undefined,
})

/** With how long the reading still takes, once it was looked at for a while. */
export type FollowedUpload = Upload & { secondsLeft?: number | null }

export const secondsLeftOf = ({ secondsLeft }: FollowedUpload): number | null => secondsLeft ?? null

/** By the upload that is being looked at; of one that is over nothing is kept. */
const paces = new Map<string, Pace>()

function timeLeft(upload: Upload): number | null {
  if (isFinal(upload)) {
    paces.delete(upload.id)
    return null
  }
  const pace = paces.get(upload.id) ?? createPace()
  paces.set(upload.id, pace)
  return pace(upload.progress, 1)
}

export const uploadQuery = (id: string) =>
  queryOptions({
    queryKey: ['uploads', id],
    queryFn: async (): Promise<FollowedUpload> => {
      const upload = await unwrap(api.GET('/api/data/uploads/{upload_id}', { params: path(id) }))
      return { ...upload, secondsLeft: timeLeft(upload) }
    },
    refetchInterval: ({ state }) => pollInterval(state.data, new Date()),
  })

export const rejectedRowsQuery = (uploadId: string) =>
  infiniteQueryOptions({
    queryKey: ['uploads', uploadId, 'rejected-rows'],
    queryFn: ({ pageParam }) =>
      unwrap(
        api.GET('/api/data/uploads/{upload_id}/rejected-rows', {
          params: { ...path(uploadId), query: { limit: rejectedRowsPerPage, cursor: pageParam } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    staleTime: Infinity,
  })

export const columnsQuery = (uploadId: string) =>
  queryOptions({
    queryKey: ['uploads', uploadId, 'columns'],
    queryFn: () => unwrap(api.GET('/api/data/uploads/{upload_id}/columns', { params: path(uploadId) })),
    staleTime: Infinity,
  })

/** Announces a file; the answer says where to put its bytes. */
export const announceUpload = (file: File) =>
  unwrap(
    api.POST('/api/data/uploads', {
      body: { filename: file.name, size_bytes: file.size, content_type: file.type || 'text/csv' },
    }),
  )

/** Says that all parts of a large file were sent. */
export const completeUpload = (id: string, parts: SentPart[]) =>
  unwrap(api.POST('/api/data/uploads/{upload_id}/complete', { params: path(id), body: { parts } }))

export const cancelUpload = (id: string) =>
  unwrap(api.POST('/api/data/uploads/{upload_id}/cancel', { params: path(id) }))

export const retryUpload = (id: string) =>
  unwrap(api.POST('/api/data/uploads/{upload_id}/retry', { params: path(id) }))

export const undoUpload = (id: string) =>
  unwrap(api.DELETE('/api/data/uploads/{upload_id}', { params: path(id) }))

export const chooseColumns = (id: string, body: Mapping) =>
  unwrap(api.PUT('/api/data/uploads/{upload_id}/mapping', { params: path(id), body }))

export const downloadTemplate = () => unwrap(api.GET('/api/data/template.csv', { parseAs: 'blob' }))

export const downloadRejectedRows = (id: string) =>
  unwrap(api.GET('/api/data/uploads/{upload_id}/rejected-rows.csv', { params: path(id), parseAs: 'blob' }))
