import type { ReactNode } from 'react'

import { cn } from './cn'
import { tones, type Tone } from './tone'

export function Badge({ tone, children }: { tone: Tone; children: ReactNode }) {
  const { className, Icon } = tones[tone]
  return (
    <span
      className={cn(
        'inline-flex items-center gap-1.5 rounded-full px-2.5 py-1 text-xs font-medium whitespace-nowrap',
        className,
      )}
    >
      <Icon aria-hidden className="size-3.5 shrink-0" />
      {children}
    </span>
  )
}
