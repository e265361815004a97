'use client'

import { Button, Field, Input, Skeleton } from '@flux/ui'
import { zodResolver } from '@hookform/resolvers/zod'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useSyncExternalStore } from 'react'
import { FormProvider, useForm } from 'react-hook-form'

import { ErrorAlert } from '@/lib/error-alert'
import { fieldErrors } from '@/lib/errors'
import { messages } from '@/lib/messages'

import { register } from './api'
import { placeFieldErrors } from './field-errors'
import { PasswordInput } from './password-input'
import { proposePlace, type Place } from './place'
import { PlaceFields } from './place-fields'
import { registerSchema, type RegisterFields } from './schemas'

const m = messages.auth

let proposed: Place | undefined
const placeOfDevice = () =>
  (proposed ??= proposePlace(Intl.DateTimeFormat().resolvedOptions().timeZone, navigator.languages))
const nothingChanges = () => () => undefined

/** The form knows the device's place, which the page as built does not. */
export function RegisterForm() {
  const place = useSyncExternalStore(nothingChanges, placeOfDevice, () => null)
  if (place) return <FormAt place={place} />
  return (
    <div aria-busy className="space-y-5">
      <span className="sr-only">{messages.loading}</span>
      {['name', 'email', 'password', 'place'].map((field) => (
        <Skeleton key={field} className="h-16" />
      ))}
    </div>
  )
}

function FormAt({ place }: { place: Place }) {
  const router = useRouter()
  const queryClient = useQueryClient()
  const form = useForm<RegisterFields>({
    resolver: zodResolver(registerSchema),
    defaultValues: { restaurant_name: '', email: '', password: '', ...place },
  })
  const { errors } = form.formState
  const { mutate, isPending, isSuccess, error } = useMutation({
    mutationFn: register,
    onSuccess: () => {
      queryClient.clear()
      router.replace('/dashboard')
    },
    onError: (failure) => {
      placeFieldErrors(form, failure)
    },
  })

  return (
    <FormProvider {...form}>
      <form
        noValidate
        onSubmit={form.handleSubmit((fields) => {
          mutate(fields)
        })}
        className="space-y-5"
      >
        {error && Object.keys(fieldErrors(error)).length === 0 && <ErrorAlert error={error} />}
        <Field label={m.restaurantName} error={errors.restaurant_name?.message}>
          <Input autoComplete="organization" {...form.register('restaurant_name')} />
        </Field>
        <Field label={m.email} error={errors.email?.message}>
          <Input type="email" autoComplete="username" autoCapitalize="none" {...form.register('email')} />
        </Field>
        <Field label={m.password} hint={m.newPasswordHint} error={errors.password?.message}>
          <PasswordInput autoComplete="new-password" {...form.register('password')} />
        </Field>
        <PlaceFields />
        <Button type="submit" isLoading={isPending || isSuccess} className="w-full">
          {m.register}
        </Button>
      </form>
    </FormProvider>
  )
}
