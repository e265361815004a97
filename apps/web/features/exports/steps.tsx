'use client'

import { Skeleton } from '@flux/ui'
import dynamic from 'next/dynamic'

// Loaded for those who sent a wrong report: all others never need it.
export const Steps = dynamic(() => import('./step-list').then(({ StepList }) => StepList), {
  ssr: false,
  loading: () => <Skeleton className="h-40" />,
})
