'use client'

import type { ReactNode } from 'react'

import { Brand } from '@/lib/brand'
import { useMessages } from '@/lib/language'
import { LanguagePicker } from '@/lib/language-picker'
import { Link } from '@/lib/link'
import { TextLink } from '@/lib/text-link'

/** The pages on exporting: for everybody, since one may want to know before making an account. */
export function ExportsFrame({
  title,
  intro,
  children,
}: {
  title: string
  intro: string
  children: ReactNode
}) {
  const m = useMessages().exports
  return (
    <div className="mx-auto max-w-3xl px-4 py-8 sm:px-6">
      <header className="mb-8 flex flex-wrap items-end justify-between gap-4">
        <Link href="/" className="rounded-control">
          <Brand />
        </Link>
        <div className="w-40">
          <LanguagePicker />
        </div>
      </header>
      <main className="space-y-6">
        <div>
          <h1 className="text-2xl font-semibold">{title}</h1>
          <p className="mt-1 text-muted">{intro}</p>
        </div>
        {children}
        <TextLink href="/dashboard/data">{m.toData}</TextLink>
      </main>
    </div>
  )
}
