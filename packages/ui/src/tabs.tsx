'use client'

import * as Radix from '@radix-ui/react-tabs'
import type { ReactNode } from 'react'

export type TabItem = { value: string; label: string; content: ReactNode }

export type TabsProps = {
  /** What the tabs choose between. */
  label: string
  items: TabItem[]
  /** With `onChange`, for a choice kept elsewhere; else the first one is open. */
  value?: string
  onChange?: (value: string) => void
}

/** One view at a time. Arrow keys move between the tabs, and where there are too many for the width, they scroll. */
export function Tabs({ label, items, value, onChange }: TabsProps) {
  return (
    <Radix.Root value={value} onValueChange={onChange} defaultValue={items[0]?.value}>
      <Radix.List
        aria-label={label}
        className="flex gap-1 overflow-x-auto overflow-y-hidden border-b border-line"
      >
        {items.map((item) => (
          <Radix.Trigger
            key={item.value}
            value={item.value}
            className="min-h-touch min-w-touch shrink-0 cursor-pointer rounded-t-control border-b-2 border-transparent px-3 font-medium text-muted transition-colors hover:text-ink focus-visible:-outline-offset-2 data-[state=active]:border-accent data-[state=active]:text-ink sm:px-4"
          >
            {item.label}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {items.map((item) => (
        <Radix.Content key={item.value} value={item.value} className="pt-5">
          {item.content}
        </Radix.Content>
      ))}
    </Radix.Root>
  )
}
