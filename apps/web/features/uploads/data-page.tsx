'use client'

import { useMessages } from '@/lib/language'

import { UploadHistory } from './history'
import { UploadCard } from './upload-card'

export function DataPage() {
  const m = useMessages().titles
  return (
    <div className="mx-auto max-w-4xl space-y-6">
      <h1 className="text-2xl font-semibold">{m.data}</h1>
      <UploadCard />
      <UploadHistory />
    </div>
  )
}
