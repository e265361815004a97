import { Landing } from '@/features/auth/landing'

export default function Page() {
  return <Landing />
}
