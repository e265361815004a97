import type { Metadata } from 'next'

import { Gallery } from '@/features/gallery/gallery'

export const metadata: Metadata = { title: 'Components' }

export default function Page() {
  return <Gallery />
}
