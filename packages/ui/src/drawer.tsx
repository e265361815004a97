'use client'

import * as Dialog from '@radix-ui/react-dialog'
import { Menu, X } from 'lucide-react'
import { useState, type ReactNode } from 'react'

import { IconButton } from './button'
import { overlayClass } from './dialog'

export type DrawerProps = {
  title: string
  openLabel: string
  closeLabel: string
  /** Changes when one has moved on, which closes the drawer. */
  locationKey: string
  children: ReactNode
}

/** The sidebar on a narrow screen: a button, and a panel that holds the focus until it is closed. */
export function Drawer({ title, openLabel, closeLabel, locationKey, children }: DrawerProps) {
  const [openAt, setOpenAt] = useState<string | null>(null)
  return (
    <Dialog.Root
      open={openAt === locationKey}
      onOpenChange={(isOpen) => {
        setOpenAt(isOpen ? locationKey : null)
      }}
    >
      <Dialog.Trigger asChild>
        <IconButton label={openLabel} icon={Menu} />
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay className={overlayClass} />
        <Dialog.Content
          aria-describedby={undefined}
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
