'use client'

import type { Invitation } from '@flux/api-client'
import { Button, Field } from '@flux/ui'
import { zodResolver } from '@hookform/resolvers/zod'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useForm } from 'react-hook-form'

import { AuthFrame, FormLoading } from '@/features/auth/auth-frame'
import { SetNewPassword } from '@/features/auth/confirm-email'
import { EmailInput } from '@/features/auth/email-input'
import { isAboutFieldsOf, placeFieldErrors } from '@/features/auth/field-errors'
import { PasswordInput } from '@/features/auth/password-input'
import { createSchemas } from '@/features/auth/schemas'
import { useEnter } from '@/features/auth/use-enter'
import { ErrorAlert } from '@/lib/error-alert'
import { isLinkSpent, isWrongCredentials } from '@/lib/errors'
import { useLinkToken } from '@/lib/link-token'
import { useMessages } from '@/lib/language'

import { acceptInvitation, invitationQuery } from './api'

function useOther() {
  const { auth, join } = useMessages()
  return { question: join.joined, label: auth.toLogin, href: '/login' }
}

/** Where the link of an invitation leads. */
export function Join() {
  const token = useLinkToken('/join')
  if (token === undefined) return <Loading />
  if (token === null) return <SpentLink isFollowUp={false} />
  return <JoinBy key={token} token={token} />
}

function JoinBy({ token }: { token: string }) {
  const other = useOther()
  const m = useMessages().join
  const { data: invitation, error, refetch, isFetching } = useQuery(invitationQuery(token))
  if (invitation) return <JoinForm token={token} invitation={invitation} />
  if (isLinkSpent(error)) return <SpentLink isFollowUp={false} />
  if (!error) return <Loading />
  return (
    <AuthFrame title={m.title} intro={m.errorTitle} other={other}>
      <ErrorAlert error={error} onRetry={() => void refetch()} isRetrying={isFetching} />
    </AuthFrame>
  )
}

function JoinForm({ token, invitation }: { token: string; invitation: Invitation }) {
  const other = useOther()
  const messages = useMessages()
  const m = messages.join
  const enter = useEnter()
  const isKnown = invitation.has_account
  const form = useForm({
    resolver: zodResolver(
      isKnown ? createSchemas(messages).knownPassword : createSchemas(messages).newPassword,
    ),
    defaultValues: { password: '' },
  })
  const { mutate, isPending, isSuccess, error } = useMutation({
    mutationFn: acceptInvitation,
    onSuccess: () => {
      enter()
    },
    onError: (failure) => {
      placeFieldErrors(form, failure, messages)
    },
  })

  if (isLinkSpent(error)) return <SpentLink isFollowUp inviter={invitation.invited_by} />
  return (
    <AuthFrame
      title={m.titleOf(invitation.restaurant_name)}
      intro={m.intro[invitation.role](invitation.invited_by)}
      other={other}
    >
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
        <Field label={messages.auth.email}>
          <EmailInput readOnly value={invitation.email} />
        </Field>
        <Field
          label={isKnown ? m.knownPassword : m.newPassword}
          hint={isKnown ? m.knownPasswordHint : messages.auth.newPasswordHint}
          error={form.formState.errors.password?.message}
        >
          <PasswordInput
            autoComplete={isKnown ? 'current-password' : 'new-password'}
            {...form.register('password')}
          />
        </Field>
        <Button type="submit" isLoading={isPending || isSuccess} className="w-full">
          {m.submit}
        </Button>
      </form>
    </AuthFrame>
  )
}

function Loading() {
  const other = useOther()
  const messages = useMessages()
  const m = messages.join
  return (
    <AuthFrame title={m.title} intro={messages.loading} other={other}>
      <FormLoading fields={2} />
    </AuthFrame>
  )
}

function SpentLink({ isFollowUp, inviter }: { isFollowUp: boolean; inviter?: string }) {
  const other = useOther()
  const messages = useMessages()
  const m = messages.join
  return (
    <AuthFrame
      isFollowUp={isFollowUp}
      title={messages.spentTitle}
      intro={m.spentIntro(inviter)}
      other={other}
    />
  )
}
