import { cn } from './cn'

/**
 * The shape of what is still loading. Decoration: the region around it says that it is busy. It only begins to pulse
 * when that takes long: drawn sixty times a second, it would slow down what it stands for.
 */
export function Skeleton({ className }: { className?: string }) {
  return (
    <div
      aria-hidden
      className={cn('animate-pulse rounded-control bg-line [animation-delay:1s]', className)}
    />
  )
}
