import { Suspense } from 'react'

import { RowsPage } from '@/features/insights/rows-page'

export default function Page() {
  // Which rows stands in the address, which is not known when the page is built.
  return (
    <Suspense>
      <RowsPage />
    </Suspense>
  )
}
