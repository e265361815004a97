import { Suspense } from 'react'

import { UploadPage } from '@/features/uploads/upload-page'

export default function Page() {
  // Which upload it is stands in the address, which is not known when the page is built.
  return (
    <Suspense>
      <UploadPage />
    </Suspense>
  )
}
