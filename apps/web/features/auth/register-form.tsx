'use client'

import { Button, Field, Input } from '@flux/ui'
import { useFormContext } from 'react-hook-form'

import { ErrorAlert } from '@/lib/error-alert'
import { useMessages } from '@/lib/language'

import { EmailInput } from './email-input'
import { isAboutFieldsOf } from './field-errors'
import { PasswordInput } from './password-input'
import { PlaceFields } from './place-fields'
import type { RegisterFields } from './schemas'

type RegisterFormProps = {
  onSubmit: (fields: RegisterFields) => void
  isSending: boolean
  error: unknown
}

export function RegisterForm({ onSubmit, isSending, error }: RegisterFormProps) {
  const m = useMessages().auth
  const form = useFormContext<RegisterFields>()
  const { errors } = form.formState
  return (
    <form
      noValidate
      onSubmit={form.handleSubmit((fields) => {
        onSubmit(fields)
      })}
      className="space-y-5"
    >
      {Boolean(error) && !isAboutFieldsOf(form, error) && <ErrorAlert error={error} />}
      <Field label={m.restaurantName} error={errors.restaurant_name?.message}>
        <Input autoComplete="organization" {...form.register('restaurant_name')} />
      </Field>
      <Field label={m.email} error={errors.email?.message}>
        <EmailInput {...form.register('email')} />
      </Field>
      <Field label={m.password} hint={m.newPasswordHint} error={errors.password?.message}>
        <PasswordInput autoComplete="new-password" {...form.register('password')} />
      </Field>
      <PlaceFields />
      <Button type="submit" isLoading={isSending} className="w-full">
        {m.register}
      </Button>
    </form>
  )
}
