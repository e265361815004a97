'use client'

import { Skeleton } from '@flux/ui'

import { useMessages } from './language'

type WaitingProps = {
  /** A class for each block that comes, as tall as that will be, so that nothing moves. */
  shapes: readonly string[]
  className?: string
}

/** The shape of what is still loading, and the word for it to those who hear the page. */
export function Waiting({ shapes, className = 'space-y-4' }: WaitingProps) {
  const messages = useMessages()
  return (
    <div aria-busy className={className}>
      <span className="sr-only">{messages.loading}</span>
      {shapes.map((shape, index) => (
        <Skeleton key={index} className={shape} />
      ))}
    </div>
  )
}
