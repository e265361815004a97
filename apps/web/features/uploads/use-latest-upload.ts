import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'

import { latestUploadQuery, uploadQuery } from './api'
import { isFinal } from './status'

/** The latest upload, looked at until it is final; then the figures are asked for anew. */
export function useLatestUpload() {
  const queryClient = useQueryClient()
  const latest = useQuery(latestUploadQuery)
  const id = latest.data?.id
  const followed = useQuery({
    ...uploadQuery(id ?? ''),
    enabled: id !== undefined,
    initialData: latest.data ?? undefined,
  })
  const upload = id === undefined ? latest.data : followed.data
  const isOpen = upload ? !isFinal(upload) : false

  const awaitedId = useRef<string>(undefined)
  useEffect(() => {
    if (isOpen) awaitedId.current = id
    else if (id !== undefined && awaitedId.current === id) {
      awaitedId.current = undefined
      void queryClient.invalidateQueries({ queryKey: ['insights'] })
    }
  }, [id, isOpen, queryClient])

  return { upload, latest, isOutOfTouch: isOpen && followed.isError }
}
