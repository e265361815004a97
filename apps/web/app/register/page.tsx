import { Register } from '@/features/auth/register'
import { PageTitle } from '@/lib/page-title'

export default function Page() {
  return (
    <>
      <PageTitle page="register" />
      <Register />
    </>
  )
}
