import { ExportsPage } from '@/features/exports/exports-page'
import { PageTitle } from '@/lib/page-title'

export default function Page() {
  return (
    <>
      <PageTitle page="exports" />
      <ExportsPage />
    </>
  )
}
