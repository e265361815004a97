'use client'

import { Field, Select } from '@flux/ui'
import { useId, useMemo } from 'react'
import { useFormContext, useWatch } from 'react-hook-form'

import { useMessages } from '@/lib/language'

import { countryChoices, currencyChoices, moveTo, timezoneChoices, type Choice } from './place'
import type { RegisterFields } from './schemas'

/** Country, currency and time zone: proposed, each changeable, the latter two following the first. */
export function PlaceFields() {
  const m = useMessages().auth
  const hintId = useId()
  const { register, control, getValues, setValue, formState } = useFormContext<RegisterFields>()
  const [country, timezone] = useWatch({ control, name: ['country', 'timezone'] })
  const countries = useMemo(() => countryChoices(), [])
  const currencies = useMemo(() => currencyChoices(), [])
  const zones = useMemo(() => timezoneChoices({ country, timezone }), [country, timezone])
  const { errors } = formState
  const countryName = countries.find(({ value }) => value === country)?.label ?? country

  function follow(chosen: string) {
    const place = moveTo(chosen, getValues())
    setValue('currency', place.currency)
    setValue('timezone', place.timezone)
  }

  return (
    <fieldset aria-describedby={hintId} className="space-y-5 border-t border-line pt-5">
      <legend className="sr-only">{m.where}</legend>
      <div>
        <p aria-hidden className="font-semibold">
          {m.where}
        </p>
        <p id={hintId} className="mt-0.5 text-sm text-muted">
          {m.whereHint}
        </p>
      </div>
      <Field label={m.country} error={errors.country?.message}>
        <Select
          autoComplete="country"
          {...register('country', {
            onChange: (event: { target: { value: string } }) => {
              follow(event.target.value)
            },
          })}
        >
          <Options choices={countries} />
        </Select>
      </Field>
      <Field label={m.currency} error={errors.currency?.message}>
        <Select {...register('currency')}>
          <Options choices={currencies} />
        </Select>
      </Field>
      <Field label={m.timezone} error={errors.timezone?.message}>
        <Select {...register('timezone')}>
          {zones.here.length > 0 && (
            <optgroup label={m.timezonesHere(countryName)}>
              <Options choices={zones.here} />
            </optgroup>
          )}
          <optgroup label={m.timezonesElsewhere}>
            <Options choices={zones.elsewhere} />
          </optgroup>
        </Select>
      </Field>
    </fieldset>
  )
}

function Options({ choices }: { choices: Choice[] }) {
  return choices.map(({ value, label }) => (
    <option key={value} value={value}>
      {label}
    </option>
  ))
}
