import type { ReactNode } from 'react'

import { Brand } from './brand'

/** A page that has only one thing to say, and one to do. */
export function PageMessage({
  title,
  detail,
  children,
}: {
  title: string
  detail: string
  children: ReactNode
}) {
  return (
    <main className="mx-auto flex min-h-dvh max-w-lg flex-col justify-center gap-4 p-6">
      <Brand />
      <h1 className="mt-4 text-2xl font-semibold">{title}</h1>
      <p className="text-muted">{detail}</p>
      <div className="mt-2 flex flex-wrap items-center gap-4">{children}</div>
    </main>
  )
}
