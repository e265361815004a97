'use client'

import type { Upload } from '@flux/api-client'
import { Button, Dialog, DialogClose } from '@flux/ui'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { ErrorAlert } from '@/lib/error-alert'
import { useMessages } from '@/lib/language'

import { cancelUpload, retryUpload, undoUpload, uploadQuery } from './api'
import { isFinal } from './status'

function useChange(upload: Upload, change: (id: string) => Promise<Upload>, onDone?: () => void) {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: () => change(upload.id),
    onSuccess: (changed) => {
      queryClient.setQueryData(uploadQuery(upload.id).queryKey, changed)
      void queryClient.invalidateQueries({ queryKey: ['uploads'] })
      onDone?.()
    },
  })
}

/** What can be done with an upload, by where it stands. */
export function UploadActions({ upload }: { upload: Upload }) {
  const m = useMessages().actions
  const retry = useChange(upload, retryUpload)
  const cancel = useChange(upload, cancelUpload)
  const isOver = isFinal(upload)
  const isCompleted = upload.status === 'completed'
  const error = retry.error ?? cancel.error
  return (
    <div className="space-y-3">
      {error && <ErrorAlert error={error} />}
      <div className="flex flex-wrap gap-3">
        {!isOver && !upload.requested && (
          <Button
            look="secondary"
            isLoading={cancel.isPending}
            onClick={() => {
              cancel.mutate()
            }}
          >
            {m.cancel}
          </Button>
        )}
        {isOver && (
          <Button
            look="secondary"
            isLoading={retry.isPending}
            onClick={() => {
              retry.mutate()
            }}
          >
            {m.readAgain}
          </Button>
        )}
        {isOver && isCompleted && <Undo upload={upload} />}
      </div>
      {isOver && <p className="text-sm text-muted">{m.readAgainHint}</p>}
    </div>
  )
}

function Undo({ upload }: { upload: Upload }) {
  const messages = useMessages()
  const m = messages.actions
  const [isOpen, setIsOpen] = useState(false)
  const undo = useChange(upload, undoUpload, () => {
    setIsOpen(false)
  })
  return (
    <Dialog
      title={m.undoTitle}
      description={m.undoAbout(upload.filename)}
      closeLabel={messages.close}
      isOpen={isOpen}
      onOpenChange={setIsOpen}
      trigger={<Button look="secondary">{m.undo}</Button>}
      actions={
        <>
          <DialogClose>
            <Button look="secondary">{m.keep}</Button>
          </DialogClose>
          <Button
            look="danger"
            isLoading={undo.isPending}
            onClick={() => {
              undo.mutate()
            }}
          >
            {m.undoConfirm}
          </Button>
        </>
      }
    >
      {undo.error && <ErrorAlert error={undo.error} />}
    </Dialog>
  )
}
