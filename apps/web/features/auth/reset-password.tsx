'use client'

import { Button, Field } from '@flux/ui'
import { zodResolver } from '@hookform/resolvers/zod'
import { useMutation } from '@tanstack/react-query'
import { useForm } from 'react-hook-form'

import { ErrorAlert } from '@/lib/error-alert'
import { isLinkSpent } from '@/lib/errors'
import { useMessages } from '@/lib/language'
import { Link } from '@/lib/link'
import { useLinkToken } from '@/lib/link-token'

import { resetPassword } from './api'
import { AuthFrame, FormLoading } from './auth-frame'
import { isAboutFieldsOf, placeFieldErrors } from './field-errors'
import { PasswordInput } from './password-input'
import { createSchemas } from './schemas'

function useOther() {
  const { auth, forgot } = useMessages()
  return { question: forgot.remembered, label: auth.toLogin, href: '/login' }
}

/** Where the link of a mail about a forgotten password leads. */
export function ResetPassword() {
  const other = useOther()
  const m = useMessages().reset
  const token = useLinkToken('/reset')
  if (token === undefined) {
    return (
      <AuthFrame title={m.title} intro={m.intro} other={other}>
        <FormLoading fields={1} />
      </AuthFrame>
    )
  }
  if (token === null) return <SpentLink isFollowUp={false} />
  return <ResetForm key={token} token={token} />
}

function ResetForm({ token }: { token: string }) {
  const other = useOther()
  const messages = useMessages()
  const m = messages.reset
  const form = useForm({
    resolver: zodResolver(createSchemas(messages).newPassword),
    defaultValues: { password: '' },
  })
  const { mutate, isPending, isSuccess, error } = useMutation({
    mutationFn: resetPassword,
    onError: (failure) => {
      placeFieldErrors(form, failure, messages)
    },
  })

  if (isSuccess) {
    return (
      <AuthFrame isFollowUp title={m.doneTitle} intro={m.done}>
        <Button asChild className="w-full">
          <Link href="/login">{messages.auth.toLogin}</Link>
        </Button>
      </AuthFrame>
    )
  }
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
        {error && !isAboutFieldsOf(form, error) && <ErrorAlert error={error} />}
        <Field
          label={m.password}
          hint={messages.auth.newPasswordHint}
          error={form.formState.errors.password?.message}
        >
          <PasswordInput autoComplete="new-password" {...form.register('password')} />
        </Field>
        <Button type="submit" isLoading={isPending} className="w-full">
          {m.submit}
        </Button>
      </form>
    </AuthFrame>
  )
}

function SpentLink({ isFollowUp }: { isFollowUp: boolean }) {
  const other = useOther()
  const messages = useMessages()
  const m = messages.reset
  return (
    <AuthFrame isFollowUp={isFollowUp} title={messages.spentTitle} intro={m.spentIntro} other={other}>
      <Button asChild className="w-full">
        <Link href="/forgot">{m.askNew}</Link>
      </Button>
    </AuthFrame>
  )
}
