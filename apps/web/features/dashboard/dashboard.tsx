'use client'

import { ConfirmBanner } from '@/features/auth/confirm-banner'
import { Figures } from '@/features/insights/figures'
import { LatestUpload } from '@/features/uploads/latest-upload'
import { UploadCard } from '@/features/uploads/upload-card'
import { useMessages } from '@/lib/language'

const uploadId = 'upload'

export function Dashboard() {
  const messages = useMessages()
  return (
    <div className="mx-auto max-w-6xl space-y-6">
      <h1 className="text-2xl font-semibold">{messages.dashboard.title}</h1>
      <ConfirmBanner />
      <Figures uploadId={uploadId} />
      <div className="grid items-start gap-6 xl:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
        <UploadCard id={uploadId} />
        <LatestUpload />
      </div>
    </div>
  )
}
