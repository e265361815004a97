'use client'

import { Alert, Button } from '@flux/ui'
import { useMutation } from '@tanstack/react-query'

import { describeError } from '@/lib/errors'
import { useMessages } from '@/lib/language'

import { sendConfirmation } from './api'
import { useSession } from './session'

/** Reminds whoever is here of the mail that confirms their address, until they have. */
export function ConfirmBanner() {
  const messages = useMessages()
  const m = messages.confirm
  const { email, email_verified: isVerified } = useSession().account
  const { mutate, isPending, isSuccess, error } = useMutation({ mutationFn: sendConfirmation })
  if (isVerified) return null
  return (
    <Alert
      tone={error ? 'warning' : 'info'}
      title={m.bannerTitle}
      action={
        <Button
          look="secondary"
          isLoading={isPending}
          onClick={() => {
            mutate({ email })
          }}
        >
          {messages.checkMail.sendAgain}
        </Button>
      }
    >
      <p>{error ? describeError(error, messages).detail : isSuccess ? m.bannerSent : m.banner(email)}</p>
    </Alert>
  )
}
