'use client'

import type { RestaurantSettings } from '@flux/api-client'
import { Alert, Button, Card, Field, Input, Select } from '@flux/ui'
import { zodResolver } from '@hookform/resolvers/zod'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useForm, useWatch } from 'react-hook-form'

import { accountQuery } from '@/features/auth/api'
import { isAboutFieldsOf, placeFieldErrors } from '@/features/auth/field-errors'
import { createSchemas } from '@/features/auth/schemas'
import { useSession } from '@/features/auth/session'
import { Answer } from '@/lib/answer'
import { ErrorAlert } from '@/lib/error-alert'
import { useMessages } from '@/lib/language'
import { TextLink } from '@/lib/text-link'

import { changeSettings, settingsQuery } from './api'

/** Every half hour from midnight to noon, as the API writes it. */
const dayStarts = Array.from({ length: 25 }, (_, half) => {
  const hour = String(Math.floor(half / 2)).padStart(2, '0')
  return `${hour}:${half % 2 === 0 ? '00' : '30'}`
})

export function RestaurantForm() {
  const m = useMessages().settings
  return (
    <Card title={m.restaurant}>
      <Answer query={useQuery(settingsQuery)} errorTitle={m.errorTitle} shapes={['h-16', 'h-16']}>
        {(settings) => <Form settings={settings} />}
      </Answer>
    </Card>
  )
}

function Form({ settings }: { settings: RestaurantSettings }) {
  const messages = useMessages()
  const m = messages.settings
  const { restaurant, format } = useSession()
  const queryClient = useQueryClient()
  const isOwner = restaurant.role === 'owner'
  const form = useForm({
    resolver: zodResolver(createSchemas(messages).restaurant),
    defaultValues: { name: settings.name, day_starts_at: settings.day_starts_at },
  })
  const { mutate, isPending, isSuccess, error } = useMutation({
    mutationFn: changeSettings,
    onSuccess: (changed) => {
      form.reset({ name: changed.name, day_starts_at: changed.day_starts_at })
      queryClient.setQueryData(settingsQuery.queryKey, changed)
      void queryClient.invalidateQueries(accountQuery)
      void queryClient.invalidateQueries({ queryKey: ['uploads'] })
    },
    onError: (failure) => {
      placeFieldErrors(form, failure, messages)
    },
  })
  const dayStart = useWatch({ control: form.control, name: 'day_starts_at' })
  const willReadAgain = dayStart !== settings.day_starts_at
  const starts = dayStarts.includes(settings.day_starts_at)
    ? dayStarts
    : [settings.day_starts_at, ...dayStarts]
  const facts = [
    [messages.auth.country, new Intl.DisplayNames(format.language, { type: 'region' }).of(settings.country)],
    [
      messages.auth.currency,
      new Intl.DisplayNames(format.language, { type: 'currency' }).of(settings.currency),
    ],
    [messages.auth.timezone, settings.timezone.replaceAll('_', ' ').replaceAll('/', ' / ')],
  ] as const

  return (
    <form
      noValidate
      onSubmit={form.handleSubmit((fields) => {
        mutate(fields)
      })}
      className="space-y-5"
    >
      {settings.files_to_read_again > 0 && (
        <Alert tone="info" title={m.readingAgain(format.number(settings.files_to_read_again))}>
          {m.readingAgainHint}
        </Alert>
      )}
      {error && !isAboutFieldsOf(form, error) && <ErrorAlert error={error} />}
      <div className="grid gap-5 sm:grid-cols-2">
        <Field label={messages.auth.restaurantName} error={form.formState.errors.name?.message}>
          <Input readOnly={!isOwner} autoComplete="organization" {...form.register('name')} />
        </Field>
        <Field
          label={m.dayStart}
          hint={m.dayStartHint(format.time(settings.day_starts_at))}
          error={form.formState.errors.day_starts_at?.message}
        >
          <Select disabled={!isOwner} {...form.register('day_starts_at')}>
            {starts.map((start) => (
              <option key={start} value={start}>
                {format.time(start)}
              </option>
            ))}
          </Select>
        </Field>
      </div>
      <dl className="grid gap-x-5 gap-y-3 text-sm sm:grid-cols-3">
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt className="text-muted">{label}</dt>
            <dd className="font-medium">{value}</dd>
          </div>
        ))}
      </dl>
      <p className="text-sm text-muted">{m.fixed}</p>
      {willReadAgain && (
        <Alert tone="warning" title={m.willReadAgainTitle}>
          <p>{m.willReadAgain}</p>
        </Alert>
      )}
      {isOwner ? (
        <div className="flex flex-wrap items-center gap-4">
          <Button type="submit" isLoading={isPending}>
            {m.save}
          </Button>
          <p role="status" className="text-sm font-medium text-success empty:hidden">
            {isSuccess && !form.formState.isDirty && m.saved}
          </p>
          {settings.files_to_read_again > 0 && <TextLink href="/dashboard/data">{m.seeFiles}</TextLink>}
        </div>
      ) : (
        <p className="text-sm text-muted">{m.ownersOnly}</p>
      )}
    </form>
  )
}
