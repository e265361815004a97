import { unwrap, type Upload } from '@flux/api-client'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'

import { api } from '@/lib/api'

import type { SentPart } from './put-file'
import { pollInterval } from './status'

const rejectedRowsPerPage = 20

export const latestUploadQuery = queryOptions({
  queryKey: ['uploads', 'latest'],
  queryFn: async (): Promise<Upload | null> => {
    const { items } = await unwrap(api.GET('/api/data/uploads', { params: { query: { limit: 1 } } }))
    return items[0] ?? null
  },
})

export const uploadQuery = (id: string) =>
  queryOptions({
    queryKey: ['uploads', id],
    queryFn: () => unwrap(api.GET('/api/data/uploads/{upload_id}', { params: { path: { upload_id: id } } })),
    refetchInterval: ({ state }) => pollInterval(state.data, new Date()),
  })

export const rejectedRowsQuery = (uploadId: string) =>
  infiniteQueryOptions({
    queryKey: ['uploads', uploadId, 'rejected-rows'],
    queryFn: ({ pageParam }) =>
      unwrap(
        api.GET('/api/data/uploads/{upload_id}/rejected-rows', {
          params: {
            path: { upload_id: uploadId },
            query: { limit: rejectedRowsPerPage, cursor: pageParam },
          },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
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
  unwrap(
    api.POST('/api/data/uploads/{upload_id}/complete', {
      params: { path: { upload_id: id } },
      body: { parts },
    }),
  )
