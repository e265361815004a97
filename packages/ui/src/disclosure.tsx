'use client'

import { ChevronRight } from 'lucide-react'
import { useState, type ReactNode } from 'react'

/** What only some want to read: closed, and not made, until asked for. */
export function Disclosure({ label, children }: { label: string; children: ReactNode }) {
  const [isOpen, setIsOpen] = useState(false)
  return (
    <details
      className="group rounded-control border border-line"
      onToggle={({ currentTarget }) => {
        setIsOpen(currentTarget.open)
      }}
    >
      <summary className="flex min-h-touch cursor-pointer list-none items-center gap-2 rounded-control px-4 font-medium hover:bg-raised [&::-webkit-details-marker]:hidden">
        <ChevronRight
          aria-hidden
          className="size-4 shrink-0 text-muted transition-transform group-open:rotate-90"
        />
        {label}
      </summary>
      {isOpen && <div className="border-t border-line px-4">{children}</div>}
    </details>
  )
}
