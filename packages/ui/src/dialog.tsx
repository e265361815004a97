'use client'

import * as Radix from '@radix-ui/react-dialog'
import { X } from 'lucide-react'
import type { ReactElement, ReactNode } from 'react'

import { IconButton } from './button'

/** What lies over the page while something in front of it holds the focus. */
export const overlayClass = 'fixed inset-0 z-40 bg-canvas/70 backdrop-blur-xs'

export type DialogProps = {
  title: string
  /** What this is about, in a sentence: read out with the title. */
  description?: ReactNode
  closeLabel: string
  /** The button that opens it, and gets the focus back. */
  trigger: ReactElement
  /** With `onOpenChange`, for a dialog that closes when its work is done. */
  isOpen?: boolean
  onOpenChange?: (isOpen: boolean) => void
  /** At the foot, the main one last. */
  actions?: ReactNode
  children?: ReactNode
}

/** Holds the focus until it is closed: by Escape, its cross, or a click beside it. On a phone it comes from below. */
export function Dialog({
  title,
  description,
  closeLabel,
  trigger,
  isOpen,
  onOpenChange,
  actions,
  children,
}: DialogProps) {
  return (
    <Radix.Root open={isOpen} onOpenChange={onOpenChange}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Overlay className={overlayClass} />
        <Radix.Content
          {...(description ? {} : { 'aria-describedby': undefined })}
          className="fixed inset-x-0 bottom-0 z-50 max-h-[90dvh] overflow-y-auto rounded-t-card border border-line bg-surface p-5 shadow-float sm:inset-x-auto sm:top-1/2 sm:bottom-auto sm:left-1/2 sm:w-[min(32rem,calc(100vw-3rem))] sm:-translate-1/2 sm:rounded-card sm:p-6"
        >
          <div className="flex items-start gap-4">
            <div className="min-w-0 flex-1 wrap-anywhere">
              <Radix.Title className="py-2 text-lg font-semibold">{title}</Radix.Title>
              {description && <Radix.Description className="text-muted">{description}</Radix.Description>}
            </div>
            <Radix.Close asChild>
              <IconButton label={closeLabel} icon={X} className="-mr-2 shrink-0" />
            </Radix.Close>
          </div>
          {children && <div className="mt-5">{children}</div>}
          {actions && (
            <div className="mt-6 flex flex-col-reverse gap-3 sm:flex-row sm:justify-end">{actions}</div>
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

/** Makes the button in it close the dialog around it. */
export function DialogClose({ children }: { children: ReactElement }) {
  return <Radix.Close asChild>{children}</Radix.Close>
}
