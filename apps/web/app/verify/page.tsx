import { ConfirmEmail } from '@/features/auth/confirm-email'
import { PageTitle } from '@/lib/page-title'

export default function Page() {
  return (
    <>
      <PageTitle page="verify" />
      <ConfirmEmail />
    </>
  )
}
