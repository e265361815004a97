'use client'

import type { Credentials } from '@flux/api-client'
import { Button } from '@flux/ui'
import { useMutation } from '@tanstack/react-query'

import { ErrorAlert } from '@/lib/error-alert'
import { isWrongCredentials } from '@/lib/errors'
import { useMessages } from '@/lib/language'

import { logIn, sendConfirmation } from './api'
import { CheckMail } from './check-mail'
import { useEnter } from './use-enter'

type RegisteredProps = { account: Credentials; onChangeEmail: () => void }

/** After registering. The same whether the address had an account or not: only the mail's reader is to know. */
export function Registered({ account, onChangeEmail }: RegisteredProps) {
  const messages = useMessages()
  const m = messages.confirm
  const enter = useEnter()
  const { mutate, isPending, isSuccess, error } = useMutation({
    mutationFn: logIn,
    onSuccess: () => {
      enter()
    },
  })
  return (
    <CheckMail
      intro={messages.checkMail.sent}
      email={account.email}
      onChangeEmail={onChangeEmail}
      next={[`${m.openLink} ${messages.checkMail.linkLasts}`, m.knownAlready]}
      send={sendConfirmation}
      sentAgain={m.sentAgain}
      other={{
        question: messages.auth.hasAccount,
        label: messages.auth.toLogin,
        href: '/login',
      }}
    >
      {error &&
        (isWrongCredentials(error) ? (
          <ErrorAlert error={error} title={m.notYetTitle} detail={m.notYet} />
        ) : (
          <ErrorAlert error={error} />
        ))}
      <div className="space-y-3">
        <Button
          isLoading={isPending || isSuccess}
          onClick={() => {
            mutate(account)
          }}
          className="w-full"
        >
          {m.confirmed}
        </Button>
        <p className="text-sm text-muted">{m.keepOpen}</p>
      </div>
    </CheckMail>
  )
}
