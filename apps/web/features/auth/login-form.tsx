'use client'

import { Button, Field } from '@flux/ui'
import { zodResolver } from '@hookform/resolvers/zod'
import { useMutation } from '@tanstack/react-query'
import { useForm } from 'react-hook-form'

import { typedEarly } from '@/lib/early'
import { ErrorAlert } from '@/lib/error-alert'
import { useMessages } from '@/lib/language'
import { safeNextPath } from '@/lib/next-path'
import { TextLink } from '@/lib/text-link'

import { logIn } from './api'
import { AuthFrame } from './auth-frame'
import { EmailInput } from './email-input'
import { PasswordInput } from './password-input'
import { createSchemas } from './schemas'
import { useEnter } from './use-enter'

export function LoginForm() {
  const messages = useMessages()
  const m = messages.auth
  const enter = useEnter()
  const form = useForm({
    resolver: zodResolver(createSchemas(messages).login),
    defaultValues: { email: typedEarly('email'), password: typedEarly('password') },
  })
  const { errors } = form.formState
  const { mutate, isPending, isSuccess, error } = useMutation({
    mutationFn: logIn,
    onSuccess: () => {
      enter(safeNextPath(new URLSearchParams(window.location.search).get('next')))
    },
  })

  return (
    <AuthFrame
      title={m.loginTitle}
      intro={m.loginIntro}
      other={{ question: m.noAccount, label: m.toRegister, href: '/register' }}
    >
      <form
        noValidate
        onSubmit={form.handleSubmit((fields) => {
          mutate(fields)
        })}
        className="space-y-5"
      >
        {error && <ErrorAlert error={error} />}
        <Field label={m.email} error={errors.email?.message}>
          <EmailInput {...form.register('email')} />
        </Field>
        <Field label={m.password} error={errors.password?.message}>
          <PasswordInput autoComplete="current-password" {...form.register('password')} />
        </Field>
        <Button type="submit" isLoading={isPending || isSuccess} className="w-full">
          {m.login}
        </Button>
        <p className="-mb-3 text-center">
          <TextLink href="/forgot">{m.forgot}</TextLink>
        </p>
      </form>
    </AuthFrame>
  )
}
