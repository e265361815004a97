'use client'

import { Button } from '@flux/ui'

import { useMessages } from '@/lib/language'
import { Link } from '@/lib/link'
import { PageMessage } from '@/lib/page-message'
import { PageTitle } from '@/lib/page-title'

export default function NotFound() {
  const m = useMessages().errors
  return (
    <>
      <PageTitle page="notFound" />
      <PageMessage title={m.notFoundTitle} detail={m.notFound}>
        <Button asChild>
          <Link href="/dashboard">{m.toDashboard}</Link>
        </Button>
      </PageMessage>
    </>
  )
}
