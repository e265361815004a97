import { Suspense } from 'react'

import { Dashboard } from '@/features/dashboard/dashboard'

export default function Page() {
  // The period stands in the address, which is not known when the page is built.
  return (
    <Suspense>
      <Dashboard />
    </Suspense>
  )
}
