'use client'

import type { Role } from '@flux/api-client'
import { Button, Card, Field } from '@flux/ui'
import { zodResolver } from '@hookform/resolvers/zod'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useForm } from 'react-hook-form'

import { EmailInput } from '@/features/auth/email-input'
import { isAboutFieldsOf, placeFieldErrors } from '@/features/auth/field-errors'
import { createSchemas } from '@/features/auth/schemas'
import { ErrorAlert } from '@/lib/error-alert'
import { useMessages } from '@/lib/language'

import { invitationsQuery, invite } from './api'
import { RoleSelect } from './role-select'

export function InviteForm() {
  const messages = useMessages()
  const m = messages.team
  const queryClient = useQueryClient()
  const [role, setRole] = useState<Role>('manager')
  const form = useForm({
    resolver: zodResolver(createSchemas(messages).email),
    defaultValues: { email: '' },
  })
  const { mutate, isPending, data, error } = useMutation({
    mutationFn: invite,
    onSuccess: () => {
      form.reset()
      void queryClient.invalidateQueries(invitationsQuery)
    },
    onError: (failure) => {
      placeFieldErrors(form, failure, messages)
    },
  })
  return (
    <Card title={m.inviteTitle} description={m.inviteAbout}>
      <form
        noValidate
        onSubmit={form.handleSubmit(({ email }) => {
          mutate({ email, role })
        })}
        className="space-y-4"
      >
        {error && !isAboutFieldsOf(form, error) && <ErrorAlert error={error} />}
        <div className="grid gap-4 sm:grid-cols-[minmax(0,1fr)_12rem]">
          <Field label={messages.auth.email} error={form.formState.errors.email?.message}>
            <EmailInput {...form.register('email')} autoComplete="off" />
          </Field>
          <Field label={m.role} hint={m.about[role]}>
            <RoleSelect value={role} onChange={setRole} />
          </Field>
        </div>
        <div className="flex flex-wrap items-center gap-4">
          <Button type="submit" isLoading={isPending}>
            {m.invite}
          </Button>
          <p role="status" className="text-sm font-medium text-success empty:hidden">
            {data && m.invited(data.email)}
          </p>
        </div>
      </form>
    </Card>
  )
}
