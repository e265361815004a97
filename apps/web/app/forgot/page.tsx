import { ForgotPassword } from '@/features/auth/forgot-password'
import { PageTitle } from '@/lib/page-title'

export default function Page() {
  return (
    <>
      <PageTitle page="forgot" />
      <ForgotPassword />
    </>
  )
}
