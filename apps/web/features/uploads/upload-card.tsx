'use client'

import { Alert, Button, Card, FileDrop } from '@flux/ui'
import { Download } from 'lucide-react'

import { useSession } from '@/features/auth/session'
import { useDownload } from '@/lib/download'
import { ErrorAlert } from '@/lib/error-alert'
import { useMessages } from '@/lib/language'
import { TextLink } from '@/lib/text-link'

import { downloadTemplate } from './api'
import { TransferList } from './transfer-list'
import { useTransfers } from './transfers-provider'

/** Where files are dropped and seen on their way; for those who may not upload, why there is no such box. */
export function UploadCard({ id }: { id?: string }) {
  const m = useMessages().upload
  const { restaurant } = useSession()
  if (restaurant.role !== 'viewer') return <UploadBox id={id} />
  return (
    <Alert tone="info" title={m.viewerTitle}>
      {m.viewer(restaurant.name)}
    </Alert>
  )
}

function UploadBox({ id }: { id: string | undefined }) {
  const m = useMessages().upload
  const { add } = useTransfers()
  const template = useDownload(downloadTemplate, 'flux-template.csv')

  return (
    <Card title={m.title} description={m.description}>
      <div id={id} className="flex scroll-mt-6 flex-col gap-4">
        <FileDrop
          isMultiple
          label={m.drop}
          hint={m.dropHint}
          dropLabel={m.letGo}
          accept=".csv,.tsv,.txt,.zip,.gz,.xlsx,text/csv"
          onFiles={add}
        />
        <TransferList />
        {template.error && <ErrorAlert error={template.error} />}
        <div className="flex flex-wrap items-center gap-x-5 max-sm:flex-col max-sm:items-start">
          <TextLink href="/exports">{m.howToExport}</TextLink>
          <Button
            look="accent"
            isLoading={template.isPending}
            onClick={template.download}
            className="max-sm:-ml-4"
          >
            {!template.isPending && <Download aria-hidden className="size-4" />}
            {m.template}
          </Button>
        </div>
      </div>
    </Card>
  )
}
