import { notFound } from 'next/navigation'

import { GuidePage } from '@/features/exports/guide-page'
import { guides, isGuide } from '@/features/exports/guides'
import { PageTitle } from '@/lib/page-title'

export const dynamicParams = false

export const generateStaticParams = () => guides.map((till) => ({ till }))

export default async function Page({ params }: { params: Promise<{ till: string }> }) {
  const { till } = await params
  if (!isGuide(till)) notFound()
  return (
    <>
      <PageTitle page="exports" />
      <GuidePage guide={till} />
    </>
  )
}
