import { DataPage } from '@/features/uploads/data-page'

export default function Page() {
  return <DataPage />
}
