import type { Upload } from '@flux/api-client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'

import { latestUploadQuery, uploadQuery } from './api'
import { isFinal } from './status'

/** An upload, looked at until it is final; then the figures, and the list it stands in, are asked for anew. */
export function useUpload(id: string | undefined, known?: Upload | null) {
  const queryClient = useQueryClient()
  const query = useQuery({
    ...uploadQuery(id ?? ''),
    enabled: id !== undefined,
    initialData: known ?? undefined,
  })
  const upload = query.data
  const isOpen = upload ? !isFinal(upload) : false

  const awaitedId = useRef<string>(undefined)
  useEffect(() => {
    if (isOpen) awaitedId.current = id
    else if (id !== undefined && awaitedId.current === id) {
      awaitedId.current = undefined
      void queryClient.invalidateQueries({ queryKey: ['insights'] })
      void queryClient.invalidateQueries({ queryKey: ['uploads', 'all'] })
    }
  }, [id, isOpen, queryClient])

  return { ...query, upload, isOutOfTouch: isOpen && query.isError }
}

/** The same of the latest one; null where there is none. */
export function useLatestUpload() {
  const latest = useQuery(latestUploadQuery)
  const id = latest.data?.id
  const { upload, isOutOfTouch } = useUpload(id, latest.data)
  return { upload: id === undefined ? latest.data : upload, latest, isOutOfTouch }
}
