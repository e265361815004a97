'use client'

import { Button, Field } from '@flux/ui'
import { zodResolver } from '@hookform/resolvers/zod'
import { useMutation } from '@tanstack/react-query'
import { useForm } from 'react-hook-form'

import { ErrorAlert } from '@/lib/error-alert'
import { isLinkSpent, isWrongCredentials } from '@/lib/errors'
import { Link } from '@/lib/link'
import { useLinkToken } from '@/lib/link-token'
import { useMessages } from '@/lib/language'

import { confirmEmail, sendConfirmation } from './api'
import { AskForMail } from './ask-for-mail'
import { AuthFrame, FormLoading } from './auth-frame'
import { isAboutFieldsOf, placeFieldErrors } from './field-errors'
import { PasswordInput } from './password-input'
import { createSchemas } from './schemas'
import { useEnter } from './use-enter'

function useOther() {
  const { auth, confirm } = useMessages()
  return { question: confirm.done, label: auth.toLogin, href: '/login' }
}

/** Where the link of the mail after registering leads. */
export function ConfirmEmail() {
  const other = useOther()
  const m = useMessages().confirm
  const token = useLinkToken('/verify')
  if (token === undefined) {
    return (
      <AuthFrame title={m.title} intro={m.intro} other={other}>
        <FormLoading fields={1} />
      </AuthFrame>
    )
  }
  if (token === null) return <SpentLink isFollowUp={false} />
  return <ConfirmForm key={token} token={token} />
}

function ConfirmForm({ token }: { token: string }) {
  const other = useOther()
  const messages = useMessages()
  const m = messages.confirm
  const enter = useEnter()
  const form = useForm({
    resolver: zodResolver(createSchemas(messages).knownPassword),
    defaultValues: { password: '' },
  })
  const { mutate, isPending, isSuccess, error } = useMutation({
    mutationFn: confirmEmail,
    onSuccess: () => {
      enter()
    },
    onError: (failure) => {
      placeFieldErrors(form, failure, messages)
    },
  })

  if (isLinkSpent(error)) return <SpentLink isFollowUp />
  return (
    <AuthFrame title={m.title} intro={m.intro} other={other}>
      <form
        noValidate
        onSubmit={form.handleSubmit(({ password }) => {
          mutate({ token, password })
        })}
        className="space-y-5"
      >
        {isWrongCredentials(error) ? (
          <ErrorAlert error={error} detail={m.wrongPassword} action={<SetNewPassword />} />
        ) : (
          error && !isAboutFieldsOf(form, error) && <ErrorAlert error={error} />
        )}
        <Field label={messages.auth.password} error={form.formState.errors.password?.message}>
          <PasswordInput autoComplete="current-password" {...form.register('password')} />
        </Field>
        <Button type="submit" isLoading={isPending || isSuccess} className="w-full">
          {m.submit}
        </Button>
      </form>
    </AuthFrame>
  )
}

function SpentLink({ isFollowUp }: { isFollowUp: boolean }) {
  const other = useOther()
  const messages = useMessages()
  const m = messages.confirm
  return (
    <AskForMail
      isFollowUp={isFollowUp}
      title={messages.spentTitle}
      intro={m.spentIntro}
      other={other}
      submit={m.sendNew}
      send={sendConfirmation}
      asked={{
        intro: messages.checkMail.sentIfWaiting,
        next: [`${m.openLink} ${messages.checkMail.linkLasts}`],
        sentAgain: m.sentAgain,
      }}
    />
  )
}

/** For whoever does not know the password of the account; a new one also confirms the address. */
export function SetNewPassword() {
  const messages = useMessages()
  return (
    <Button asChild look="secondary">
      <Link href="/forgot">{messages.forgot.setNew}</Link>
    </Button>
  )
}
