'use client'

import { Card } from '@flux/ui'
import { useEffect, useRef, type ReactNode } from 'react'

import { Brand } from '@/lib/brand'
import { useAlive } from '@/lib/early'
import { LanguagePicker } from '@/lib/language-picker'
import { TextLink } from '@/lib/text-link'
import { Waiting } from '@/lib/waiting'

type AuthFrameProps = {
  title: string
  intro: string
  /** Another way, for those who are wrong here. */
  other?: { question: string; label: string; href: string }
  /** Whether this came in place of what the reader acted on: the focus, which went with that, is put on the title. */
  isFollowUp?: boolean
  children?: ReactNode
}

/** What all pages for people without a session share. */
export function AuthFrame({ title, intro, other, isFollowUp = false, children }: AuthFrameProps) {
  useAlive()
  const heading = useRef<HTMLHeadingElement>(null)

  useEffect(() => {
    if (isFollowUp) heading.current?.focus()
  }, [isFollowUp, title])

  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-[27rem] flex-col justify-center px-4 py-8 sm:py-12">
      <div className="mb-8 flex justify-center">
        <Brand />
      </div>
      <Card>
        <h1
          ref={heading}
          tabIndex={isFollowUp ? -1 : undefined}
          className="text-2xl font-semibold wrap-anywhere outline-none"
        >
          {title}
        </h1>
        <p className="mt-1 wrap-anywhere text-muted">{intro}</p>
        {children && <div className="mt-6">{children}</div>}
      </Card>
      {other && (
        <p className="mt-4 flex flex-wrap items-center justify-center gap-x-1.5 text-muted">
          {other.question}
          <TextLink href={other.href}>{other.label}</TextLink>
        </p>
      )}
      <div className="mx-auto mt-6 w-44">
        <LanguagePicker />
      </div>
    </main>
  )
}

/** A form of so many fields, before it is known what it has to ask. */
export function FormLoading({ fields }: { fields: number }) {
  return <Waiting shapes={Array.from({ length: fields }, () => 'h-16')} className="space-y-5" />
}
