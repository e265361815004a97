'use client'

import { Button, Field, Input } from '@flux/ui'
import { zodResolver } from '@hookform/resolvers/zod'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useForm } from 'react-hook-form'

import { ErrorAlert } from '@/lib/error-alert'
import { messages } from '@/lib/messages'
import { safeNextPath } from '@/lib/next-path'

import { logIn } from './api'
import { PasswordInput } from './password-input'
import { loginSchema } from './schemas'

const m = messages.auth

export function LoginForm() {
  const router = useRouter()
  const queryClient = useQueryClient()
  const form = useForm({
    resolver: zodResolver(loginSchema),
    defaultValues: { email: '', password: '' },
  })
  const { errors } = form.formState
  const { mutate, isPending, isSuccess, error } = useMutation({
    mutationFn: logIn,
    onSuccess: () => {
      queryClient.clear()
      router.replace(safeNextPath(new URLSearchParams(window.location.search).get('next')))
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
        <Input type="email" autoComplete="username" autoCapitalize="none" {...form.register('email')} />
      </Field>
      <Field label={m.password} error={errors.password?.message}>
        <PasswordInput autoComplete="current-password" {...form.register('password')} />
      </Field>
      <Button type="submit" isLoading={isPending || isSuccess} className="w-full">
        {m.login}
      </Button>
    </form>
  )
}
