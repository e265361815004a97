'use client'

import * as Dialog from '@radix-ui/react-dialog'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'

import { IconButton } from './button'
import { overlayClass } from './dialog'

export type DrawerPanelProps = {
  title: string
  closeLabel: string
  isOpen: boolean
  onClose: () => void
  /** The focus is free again: it belongs where the drawer was opened. */
  onFocusFree: () => void
  children: ReactNode
}

/** What a `Drawer` shows: holds the focus until it is closed. */
export function DrawerPanel({ title, closeLabel, isOpen, onClose, onFocusFree, children }: DrawerPanelProps) {
  return (
    <Dialog.Root
      open={isOpen}
      onOpenChange={() => {
        onClose()
      }}
    >
      <Dialog.Portal>
        <Dialog.Overlay className={overlayClass} />
        <Dialog.Content
          aria-describedby={undefined}
          onCloseAutoFocus={(event) => {
            event.preventDefault()
            onFocusFree()
          }}
          className="fixed inset-y-0 left-0 z-50 w-72 max-w-[85vw] overflow-y-auto border-r border-line bg-surface"
        >
          <Dialog.Title className="sr-only">{title}</Dialog.Title>
          {children}
          <Dialog.Close asChild>
            <IconButton label={closeLabel} icon={X} className="absolute top-4 right-3" />
          </Dialog.Close>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
