import type { Upload } from '@flux/api-client'
import { Alert, Button } from '@flux/ui'
import { useMutation, useQueryClient } from '@tanstack/react-query'

import { addSample } from '@/features/insights/api'
import { latestUploadQuery, undoUpload, uploadQuery } from '@/features/uploads/api'
import { ErrorAlert } from '@/lib/error-alert'
import { useMessages } from '@/lib/language'

/** Something done with an upload, which is then followed as the latest one. */
function useFollowed<Input>(change: (input: Input) => Promise<Upload>) {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: (upload) => {
      queryClient.setQueryData(uploadQuery(upload.id).queryKey, upload)
      queryClient.setQueryData(latestUploadQuery.queryKey, upload)
    },
  })
}

/** Brings made-up sales to look around with. */
export function AddSample({ isUnderWay }: { isUnderWay: boolean }) {
  const m = useMessages().sample
  const { mutate, isPending, error } = useFollowed<undefined>(addSample)
  return (
    <div className="space-y-3">
      <Button
        look="secondary"
        isLoading={isPending || isUnderWay}
        onClick={() => {
          mutate(undefined)
        }}
      >
        {m.add}
      </Button>
      {error && <ErrorAlert error={error} title={m.failed} />}
    </div>
  )
}

type SampleBannerProps = {
  uploadId: string
  /** Whether it is on its way out. */
  isUnderWay: boolean
  isViewer: boolean
}

/** Says that nothing here is real, and takes it away. */
export function SampleBanner({ uploadId, isUnderWay, isViewer }: SampleBannerProps) {
  const m = useMessages().sample
  const { mutate, isPending, error } = useFollowed(undoUpload)
  return (
    <div className="space-y-3">
      <Alert
        tone="warning"
        title={isUnderWay ? m.removing : m.title}
        action={
          !isViewer && (
            <Button
              look="secondary"
              isLoading={isPending || isUnderWay}
              onClick={() => {
                mutate(uploadId)
              }}
            >
              {m.remove}
            </Button>
          )
        }
      >
        {m.about}
      </Alert>
      {error && <ErrorAlert error={error} title={m.removeFailed} />}
    </div>
  )
}
