import type { ReactNode } from 'react'

import { Link } from '@/lib/link'

/** A figure that leads to the rows behind it. `label` says so to those who only hear it. */
export function FigureLink({ href, label, children }: { href: string; label: string; children: ReactNode }) {
  return (
    <Link
      href={href}
      aria-label={label}
      className="-my-3 inline-block rounded-control py-3 underline decoration-edge decoration-1 underline-offset-4 hover:decoration-accent"
    >
      {children}
    </Link>
  )
}
