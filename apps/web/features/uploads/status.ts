import type { Upload, UploadStatus } from '@flux/api-client'
import type { Tone } from '@flux/ui'

const abandonedAfter = 2 * 60_000

const openStatuses: readonly UploadStatus[] = ['awaiting_file', 'processing']

/** Nothing more will happen to it unless somebody acts. */
export function isFinal({ status }: Pick<Upload, 'status'>): boolean {
  return !openStatuses.includes(status)
}

/** When to look again, in milliseconds. An upload whose file never came is looked at now and then. */
export function pollInterval(
  upload: Pick<Upload, 'status' | 'created_at'> | undefined,
  now: Date,
): number | false {
  if (!upload || isFinal(upload)) return false
  const isAbandoned =
    upload.status === 'awaiting_file' && now.getTime() - Date.parse(upload.created_at) > abandonedAfter
  return isAbandoned ? 5_000 : 500
}

export const statusTone: Record<UploadStatus, Tone> = {
  awaiting_file: 'info',
  processing: 'info',
  needs_mapping: 'warning',
  completed: 'success',
  failed: 'danger',
  cancelled: 'info',
  undone: 'info',
}
