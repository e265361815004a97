'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { FormProvider, useForm } from 'react-hook-form'

import { typedEarly } from '@/lib/early'
import { useMessages } from '@/lib/language'

import { register } from './api'
import { AuthFrame, FormLoading } from './auth-frame'
import { placeFieldErrors } from './field-errors'
import { proposePlace, type Place } from './place'
import { RegisterForm } from './register-form'
import { Registered } from './registered'
import { createSchemas, type RegisterFields } from './schemas'
import { useEnter } from './use-enter'

function useFrame() {
  const m = useMessages().auth
  return {
    title: m.registerTitle,
    intro: m.registerIntro,
    other: { question: m.hasAccount, label: m.toLogin, href: '/login' },
  }
}

let proposed: Place | undefined
const placeOfDevice = () =>
  (proposed ??= proposePlace(Intl.DateTimeFormat().resolvedOptions().timeZone, navigator.languages))
const nothingChanges = () => () => undefined

/** The form knows the device's place, which the page as built does not. */
export function Register() {
  const frame = useFrame()
  const place = useSyncExternalStore(nothingChanges, placeOfDevice, () => null)
  if (place) return <RegisterAt place={place} />
  return (
    <AuthFrame {...frame}>
      <FormLoading fields={4} />
    </AuthFrame>
  )
}

/** Holds what was typed while the page says to check the mail: to correct it, and to log in with it. */
function RegisterAt({ place }: { place: Place }) {
  const messages = useMessages()
  const frame = useFrame()
  const enter = useEnter()
  const [step, setStep] = useState<'fill' | 'registered' | 'correct'>('fill')
  const form = useForm<RegisterFields>({
    resolver: zodResolver(createSchemas(messages).register),
    defaultValues: {
      restaurant_name: typedEarly('restaurant_name'),
      email: typedEarly('email'),
      password: typedEarly('password'),
      ...place,
    },
  })
  const { mutate, isPending, data, error } = useMutation({
    mutationFn: register,
    onSuccess: ({ isLoggedIn }) => {
      if (isLoggedIn) enter()
      else setStep('registered')
    },
    onError: (failure) => {
      placeFieldErrors(form, failure, messages)
    },
  })

  useEffect(() => {
    if (step === 'correct') form.setFocus('email')
  }, [step, form])

  if (step === 'registered') {
    const { email, password } = form.getValues()
    return (
      <Registered
        account={{ email: email.trim(), password }}
        onChangeEmail={() => {
          setStep('correct')
        }}
      />
    )
  }
  return (
    <AuthFrame {...frame}>
      <FormProvider {...form}>
        <RegisterForm onSubmit={mutate} isSending={isPending || data?.isLoggedIn === true} error={error} />
      </FormProvider>
    </AuthFrame>
  )
}
