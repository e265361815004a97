'use client'

import type { MailRequest } from '@flux/api-client'
import { Button, Field } from '@flux/ui'
import { zodResolver } from '@hookform/resolvers/zod'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useState, type ComponentProps } from 'react'
import { useForm } from 'react-hook-form'

import { typedEarly } from '@/lib/early'
import { ErrorAlert } from '@/lib/error-alert'
import { useMessages } from '@/lib/language'

import { AuthFrame } from './auth-frame'
import { CheckMail } from './check-mail'
import { EmailInput } from './email-input'
import { isAboutFieldsOf, placeFieldErrors } from './field-errors'
import { createSchemas } from './schemas'

type AskForMailProps = Omit<ComponentProps<typeof AuthFrame>, 'children'> & {
  submit: string
  send: (body: MailRequest) => Promise<unknown>
  /** What is said once the mail was asked for. */
  asked: Pick<ComponentProps<typeof CheckMail>, 'intro' | 'next' | 'sentAgain'>
}

/** Asks for an address, and has a mail sent to it. */
export function AskForMail({ submit, send, asked, ...frame }: AskForMailProps) {
  const messages = useMessages()
  const [step, setStep] = useState<'ask' | 'asked' | 'correct'>('ask')
  const form = useForm({
    resolver: zodResolver(createSchemas(messages).email),
    defaultValues: { email: typedEarly('email') },
  })
  const { mutate, isPending, error } = useMutation({
    mutationFn: send,
    onSuccess: () => {
      setStep('asked')
    },
    onError: (failure) => {
      placeFieldErrors(form, failure, messages)
    },
  })

  useEffect(() => {
    if (step === 'correct') form.setFocus('email')
  }, [step, form])

  if (step === 'asked') {
    return (
      <CheckMail
        {...asked}
        email={form.getValues('email').trim()}
        onChangeEmail={() => {
          setStep('correct')
        }}
        send={send}
        other={frame.other}
      />
    )
  }
  return (
    <AuthFrame {...frame} isFollowUp={frame.isFollowUp && step === 'ask'}>
      <form
        noValidate
        onSubmit={form.handleSubmit((fields) => {
          mutate(fields)
        })}
        className="space-y-5"
      >
        {error && !isAboutFieldsOf(form, error) && <ErrorAlert error={error} />}
        <Field label={messages.auth.email} error={form.formState.errors.email?.message}>
          <EmailInput {...form.register('email')} />
        </Field>
        <Button type="submit" isLoading={isPending} className="w-full">
          {submit}
        </Button>
      </form>
    </AuthFrame>
  )
}
