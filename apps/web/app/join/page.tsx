import { Join } from '@/features/team/join'
import { PageTitle } from '@/lib/page-title'

export default function Page() {
  return (
    <>
      <PageTitle page="join" />
      <Join />
    </>
  )
}
