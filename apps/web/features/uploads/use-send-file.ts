import { ApiProblem } from '@flux/api-client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'

import type { Messages } from '@/lib/messages/en'

import { announceUpload, completeUpload, latestUploadQuery, uploadQuery } from './api'
import { putFile, TransferInterrupted } from './put-file'

/** Refused before anything was sent. */
export class EmptyFile extends Error {
  override readonly name = 'EmptyFile'
}

export type SendFile = {
  send: (file: File) => void
  /** Ends the transfer; the dashboard is as before. */
  stop: () => void
  file: File | undefined
  isSending: boolean
  /** Share of the file sent, 0 to 1. */
  progress: number
  error: Error | null
}

/** Announces a file, puts its bytes, and shows its upload as the latest one. */
export function useSendFile(): SendFile {
  const queryClient = useQueryClient()
  const [progress, setProgress] = useState(0)
  const transfer = useRef<AbortController>(null)

  const { mutate, variables, isPending, error } = useMutation({
    mutationFn: async (file: File) => {
      if (file.size === 0) throw new EmptyFile(file.name)
      const { signal } = (transfer.current = new AbortController())
      setProgress(0)
      const ticket = await announceUpload(file)
      const parts = await putFile({ ticket, file, signal, onProgress: setProgress })
      if (parts.length > 0) await completeUpload(ticket.id, parts)
      return ticket.id
    },
    onSuccess: async (id) => {
      const upload = await queryClient.query({ ...uploadQuery(id), staleTime: 0 })
      queryClient.setQueryData(latestUploadQuery.queryKey, upload)
      // A small file may be done by now; a bigger one is followed by `useLatestUpload`.
      void queryClient.invalidateQueries({ queryKey: ['insights'] })
    },
  })

  useLeaveWarning(isPending)

  return {
    send: mutate,
    stop: () => transfer.current?.abort(),
    file: variables,
    isSending: isPending,
    progress,
    error: error?.name === 'AbortError' ? null : error,
  }
}

/** What a failed transfer means to the owner, where it is more than the error's own words. */
export function describeSendError(error: Error, { upload: m }: Messages): string | undefined {
  if (error instanceof EmptyFile) return m.emptyFile
  if (error instanceof TransferInterrupted) return m.interrupted
  if (error instanceof ApiProblem && error.code === 'unknown' && error.status < 500) return m.refused
  return undefined
}

function useLeaveWarning(isSending: boolean): void {
  useEffect(() => {
    if (!isSending) return
    const warn = (event: BeforeUnloadEvent) => {
      event.preventDefault()
    }
    window.addEventListener('beforeunload', warn)
    return () => {
      window.removeEventListener('beforeunload', warn)
    }
  }, [isSending])
}
