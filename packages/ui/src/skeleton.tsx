import { cn } from './cn'

/** The shape of what is still loading. Decoration: the region around it says that it is busy. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={cn('animate-pulse rounded-control bg-line', className)} />
}
