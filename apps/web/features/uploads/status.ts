import type { Upload, UploadStatus } from '@flux/api-client'
import type { Tone } from '@flux/ui'

import type { Messages } from '@/lib/messages/en'

const abandonedAfter = 2 * 60_000

const openStatuses: readonly UploadStatus[] = ['awaiting_file', 'processing']

/** Nothing more will happen to it unless somebody acts. */
export function isFinal({ status, requested }: Pick<Upload, 'status' | 'requested'>): boolean {
  return !openStatuses.includes(status) && requested === null
}

/** When to look again, in milliseconds. An upload whose file never came is looked at now and then. */
export function pollInterval(
  upload: Pick<Upload, 'status' | 'requested' | 'created_at'> | undefined,
  now: Date,
): number | false {
  if (!upload || isFinal(upload)) return false
  const isAbandoned =
    upload.status === 'awaiting_file' && now.getTime() - Date.parse(upload.created_at) > abandonedAfter
  return isAbandoned ? 5_000 : 500
}

const statusTone: Record<UploadStatus, Tone> = {
  awaiting_file: 'info',
  processing: 'info',
  needs_mapping: 'warning',
  completed: 'success',
  failed: 'danger',
  cancelled: 'info',
  undone: 'info',
}

/** What became of an upload, in a word or two. */
export function describeStatus(
  { status, requested, report }: Pick<Upload, 'status' | 'requested' | 'report'>,
  { uploadStatus: m }: Messages,
): { tone: Tone; label: string } {
  if (requested) return { tone: 'info', label: m[requested] }
  if (status === 'completed' && (report?.lines_rejected ?? 0) > 0) {
    return { tone: 'warning', label: m.completed_in_part }
  }
  return { tone: statusTone[status], label: m[status] }
}
