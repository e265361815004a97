'use client'

import { Button, Field } from '@flux/ui'
import { zodResolver } from '@hookform/resolvers/zod'
import { useMutation } from '@tanstack/react-query'
import { useForm } from 'react-hook-form'

import { ErrorAlert } from '@/lib/error-alert'
import { messages } from '@/lib/messages'
import { safeNextPath } from '@/lib/next-path'
import { TextLink } from '@/lib/text-link'

import { logIn } from './api'
import { EmailInput } from './email-input'
import { PasswordInput } from './password-input'
import { loginSchema } from './schemas'
import { useEnter } from './use-enter'

const m = messages.auth

export function LoginForm() {
  const enter = useEnter()
  const form = useForm({
    resolver: zodResolver(loginSchema),
    defaultValues: { email: '', password: '' },
  })
  const { errors } = form.formState
  const { mutate, isPending, isSuccess, error } = useMutation({
    mutationFn: logIn,
    onSuccess: () => {
      enter(safeNextPath(new URLSearchParams(window.location.search).get('next')))
    },
  })

  return (
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
  )
}
