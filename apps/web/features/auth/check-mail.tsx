'use client'

import type { MailRequest } from '@flux/api-client'
import { Button } from '@flux/ui'
import { useMutation } from '@tanstack/react-query'
import { Mail } from 'lucide-react'
import type { ComponentProps, ReactNode } from 'react'

import { ErrorAlert } from '@/lib/error-alert'
import { useMessages } from '@/lib/language'

import { AuthFrame } from './auth-frame'

type CheckMailProps = {
  intro: string
  email: string
  onChangeEmail: () => void
  /** What to do with the mail. */
  next: string[]
  /** Has the mail sent once more, and what is said then: never whether the address is known. */
  send: (body: MailRequest) => Promise<unknown>
  sentAgain: string
  other: ComponentProps<typeof AuthFrame>['other']
  /** What can be done here, besides. */
  children?: ReactNode
}

/** A mail is on its way, and the rest happens where it is read. */
export function CheckMail({
  intro,
  email,
  onChangeEmail,
  next,
  send,
  sentAgain,
  other,
  children,
}: CheckMailProps) {
  const m = useMessages().checkMail
  const { mutate, isPending, isSuccess, error } = useMutation({ mutationFn: send })
  return (
    <AuthFrame isFollowUp title={m.title} intro={intro} other={other}>
      <div className="space-y-5">
        <div className="flex flex-wrap items-center gap-x-3 rounded-control bg-raised py-1 pl-4">
          <Mail aria-hidden className="size-5 shrink-0 text-accent" />
          <p className="min-w-0 flex-1 basis-36 py-2 pr-3 font-medium wrap-anywhere">{email}</p>
          <Button look="accent" onClick={onChangeEmail} className="ml-auto shrink-0">
            {m.change}
            <span className="sr-only">{m.changeWhat}</span>
          </Button>
        </div>
        {next.map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
        {children}
        <div className="space-y-3 border-t border-line pt-5">
          <p className="text-sm text-muted">{m.noMail}</p>
          {error && <ErrorAlert error={error} />}
          <Button
            look="secondary"
            isLoading={isPending}
            onClick={() => {
              mutate({ email })
            }}
            className="w-full"
          >
            {m.sendAgain}
          </Button>
          <p role="status" className="text-sm font-medium text-success empty:hidden">
            {isSuccess && sentAgain}
          </p>
        </div>
      </div>
    </AuthFrame>
  )
}
