import { Landing } from '@/features/auth/landing'
import { PageTitle } from '@/lib/page-title'

export default function Page() {
  return (
    <>
      <PageTitle page="home" />
      <Landing />
    </>
  )
}
