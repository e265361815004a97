'use client'

import { Menu } from 'lucide-react'
import { useRef, useState, type ComponentType, type ReactNode } from 'react'

import { IconButton } from './button'
import type { DrawerPanelProps } from './drawer-panel'

export type DrawerProps = {
  title: string
  openLabel: string
  closeLabel: string
  /** Changes when one has moved on, which closes the drawer. */
  locationKey: string
  children: ReactNode
}

/**
 * The sidebar on a narrow screen: a button, and a panel that is loaded when somebody is about to press it, since a wide
 * screen never needs it.
 */
export function Drawer({ title, openLabel, closeLabel, locationKey, children }: DrawerProps) {
  const button = useRef<HTMLButtonElement>(null)
  const [openAt, setOpenAt] = useState<string | null>(null)
  const [Panel, setPanel] = useState<ComponentType<DrawerPanelProps> | null>(null)
  const isOpen = openAt === locationKey

  async function load() {
    const { DrawerPanel } = await import('./drawer-panel')
    setPanel(() => DrawerPanel)
  }

  return (
    <>
      <IconButton
        ref={button}
        label={openLabel}
        icon={Menu}
        aria-haspopup="dialog"
        aria-expanded={isOpen && Panel !== null}
        onFocus={() => void load()}
        onPointerEnter={() => void load()}
        onClick={() => {
          setOpenAt(locationKey)
          void load()
        }}
      />
      {Panel && (
        <Panel
          title={title}
          closeLabel={closeLabel}
          isOpen={isOpen}
          onClose={() => {
            setOpenAt(null)
          }}
          onFocusFree={() => button.current?.focus()}
        >
          {children}
        </Panel>
      )}
    </>
  )
}
