'use client'

import { Button, Card, Field } from '@flux/ui'
import { zodResolver } from '@hookform/resolvers/zod'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useForm } from 'react-hook-form'

import { isAboutFieldsOf, placeFieldErrors } from '@/features/auth/field-errors'
import { PasswordInput } from '@/features/auth/password-input'
import { createSchemas } from '@/features/auth/schemas'
import { useSession } from '@/features/auth/session'
import { ErrorAlert } from '@/lib/error-alert'
import { useMessages } from '@/lib/language'

import { changePassword, sessionsQuery } from './api'

/** Who one is here, and another password for it. */
export function PasswordForm() {
  const messages = useMessages()
  const m = messages.settings
  const { account } = useSession()
  const queryClient = useQueryClient()
  const form = useForm({
    resolver: zodResolver(createSchemas(messages).changePassword),
    defaultValues: { current_password: '', new_password: '' },
  })
  const { mutate, isPending, isSuccess, error } = useMutation({
    mutationFn: changePassword,
    onSuccess: () => {
      form.reset()
      void queryClient.invalidateQueries(sessionsQuery)
    },
    onError: (failure) => {
      placeFieldErrors(form, failure, messages)
    },
  })
  const { errors } = form.formState
  return (
    <Card title={m.profile} description={account.email}>
      <form
        noValidate
        onSubmit={form.handleSubmit((fields) => {
          mutate(fields)
        })}
        className="space-y-5"
      >
        {error && !isAboutFieldsOf(form, error) && <ErrorAlert error={error} />}
        {/* So that a password manager knows whose password this is. */}
        <input type="text" autoComplete="username" value={account.email} readOnly hidden />
        <div className="grid gap-5 sm:grid-cols-2">
          <Field label={m.currentPassword} error={errors.current_password?.message}>
            <PasswordInput autoComplete="current-password" {...form.register('current_password')} />
          </Field>
          <Field
            label={messages.reset.password}
            hint={messages.auth.newPasswordHint}
            error={errors.new_password?.message}
          >
            <PasswordInput autoComplete="new-password" {...form.register('new_password')} />
          </Field>
        </div>
        <div className="flex flex-wrap items-center gap-4">
          <Button type="submit" look="secondary" isLoading={isPending}>
            {m.changePassword}
          </Button>
          <p role="status" className="text-sm font-medium text-success empty:hidden">
            {isSuccess && !form.formState.isDirty && m.passwordChanged}
          </p>
        </div>
      </form>
    </Card>
  )
}
