import { Card } from '@flux/ui'
import Link from 'next/link'
import type { ReactNode } from 'react'

import { Brand } from '@/lib/brand'

type AuthFrameProps = {
  title: string
  intro: string
  /** The way to the other of the two pages. */
  other: { question: string; label: string; href: string }
  children: ReactNode
}

/** What the login and the registration page share. */
export function AuthFrame({ title, intro, other, children }: AuthFrameProps) {
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-[27rem] flex-col justify-center px-4 py-8 sm:py-12">
      <div className="mb-8 flex justify-center">
        <Brand />
      </div>
      <Card className="sm:p-8">
        <h1 className="text-2xl font-semibold">{title}</h1>
        <p className="mt-1 mb-6 text-muted">{intro}</p>
        {children}
      </Card>
      <p className="mt-4 flex flex-wrap items-center justify-center gap-x-1.5 text-muted">
        {other.question}
        <Link
          href={other.href}
          className="inline-flex min-h-touch items-center font-medium text-accent underline-offset-4 hover:underline"
        >
          {other.label}
        </Link>
      </p>
    </main>
  )
}
