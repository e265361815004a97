import { ChevronRight } from 'lucide-react'
import type { ReactNode } from 'react'

/** What only some want to read: closed until asked for. */
export function Disclosure({ label, children }: { label: string; children: ReactNode }) {
  return (
    <details className="group rounded-control border border-line">
      <summary className="flex min-h-touch cursor-pointer list-none items-center gap-2 rounded-control px-4 font-medium hover:bg-raised [&::-webkit-details-marker]:hidden">
        <ChevronRight
          aria-hidden
          className="size-4 shrink-0 text-muted transition-transform group-open:rotate-90"
        />
        {label}
      </summary>
      <div className="border-t border-line px-4">{children}</div>
    </details>
  )
}
