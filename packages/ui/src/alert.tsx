import type { ReactNode } from 'react'

import { cn } from './cn'
import { tones, type Tone } from './tone'

export type AlertProps = {
  tone: Tone
  title: string
  children?: ReactNode
  /** What to do about it: usually one button. */
  action?: ReactNode
}

/** Said at once to a screen reader when it is a danger, in turn otherwise. */
export function Alert({ tone, title, children, action }: AlertProps) {
  const { className, Icon } = tones[tone]
  return (
    <div
      role={tone === 'danger' ? 'alert' : 'status'}
      className={cn('flex gap-3 rounded-control p-4 text-sm', className)}
    >
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0" />
      <div className="min-w-0 flex-1 wrap-anywhere">
        <p className="font-semibold">{title}</p>
        {children && <div className="mt-1 space-y-1 text-ink">{children}</div>}
        {action && <div className="mt-3">{action}</div>}
      </div>
    </div>
  )
}
