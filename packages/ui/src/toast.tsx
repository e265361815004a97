'use client'

import * as Radix from '@radix-ui/react-toast'
import { X } from 'lucide-react'
import { createContext, use, useCallback, useState, type ReactNode } from 'react'

import { Button, IconButton } from './button'
import { cn } from './cn'
import { tones, type Tone } from './tone'

export type ToastMessage = {
  tone: Tone
  title: string
  detail?: string
  action?: { label: string; onAction: () => void }
}

const ToastContext = createContext<((message: ToastMessage) => void) | null>(null)

/** Shows a message over the page. Only for what may be missed: what has to be acted on is an `Alert` in its place. */
export function useToast(): (message: ToastMessage) => void {
  const show = use(ToastContext)
  if (!show) throw new Error('useToast is used outside of a ToastProvider')
  return show
}

const readingTime = 8000

export type ToastProviderProps = {
  /** What one message is called, read out before it. */
  label: string
  /** What all of them together are called. F8 moves the focus to them. */
  regionLabel: string
  closeLabel: string
  children: ReactNode
}

/**
 * A message goes by itself, but not while the pointer or the focus is on it or the window is in the background. A
 * danger, and one with an action, stays until it is closed.
 */
export function ToastProvider({ label, regionLabel, closeLabel, children }: ToastProviderProps) {
  const [messages, setMessages] = useState<(ToastMessage & { id: number })[]>([])
  const show = useCallback((message: ToastMessage) => {
    setMessages((shown) => [...shown, { ...message, id: (shown.at(-1)?.id ?? 0) + 1 }])
  }, [])

  return (
    <ToastContext value={show}>
      <Radix.Provider label={label} duration={readingTime}>
        {children}
        {messages.map(({ id, tone, title, detail, action }) => {
          const { className, Icon } = tones[tone]
          return (
            <Radix.Root
              key={id}
              type={tone === 'danger' ? 'foreground' : 'background'}
              duration={tone === 'danger' || action ? Infinity : readingTime}
              onOpenChange={() => {
                setMessages((shown) => shown.filter((message) => message.id !== id))
              }}
              className="flex items-start gap-3 rounded-card border border-line bg-surface p-3 pl-4 shadow-float"
            >
              <span className={cn('mt-1.5 grid size-8 shrink-0 place-items-center rounded-full', className)}>
                <Icon aria-hidden className="size-4" />
              </span>
              <div className="min-w-0 flex-1 py-2 text-sm wrap-anywhere">
                <Radix.Title className="py-0.5 font-semibold">{title}</Radix.Title>
                {detail && <Radix.Description className="text-muted">{detail}</Radix.Description>}
                {action && (
                  <Radix.Action asChild altText={action.label}>
                    <Button look="secondary" className="mt-3" onClick={action.onAction}>
                      {action.label}
                    </Button>
                  </Radix.Action>
                )}
              </div>
              <Radix.Close asChild>
                <IconButton label={closeLabel} icon={X} className="shrink-0" />
              </Radix.Close>
            </Radix.Root>
          )
        })}
        <Radix.Viewport
          label={regionLabel}
          className="fixed inset-x-0 bottom-0 z-60 flex flex-col gap-3 p-4 outline-none empty:hidden sm:left-auto sm:w-104"
        />
      </Radix.Provider>
    </ToastContext>
  )
}
