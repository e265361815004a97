import { LoginForm } from '@/features/auth/login-form'
import { PageTitle } from '@/lib/page-title'

export default function Page() {
  return (
    <>
      <PageTitle page="login" />
      <LoginForm />
    </>
  )
}
