import { ResetPassword } from '@/features/auth/reset-password'
import { PageTitle } from '@/lib/page-title'

export default function Page() {
  return (
    <>
      <PageTitle page="reset" />
      <ResetPassword />
    </>
  )
}
