import { describe, expect, test } from 'vitest'

import { countryChoices, currencyChoices, moveTo, proposePlace, timezoneChoices } from './place'

describe('the place proposed', () => {
  test.each([
    ['America/New_York', ['en-US'], { country: 'US', currency: 'USD' }],
    ['Europe/Madrid', ['en-US', 'en'], { country: 'ES', currency: 'EUR' }],
    ['Europe/London', ['en-GB'], { country: 'GB', currency: 'GBP' }],
    ['Asia/Calcutta', ['en-IN'], { country: 'IN', currency: 'INR' }],
    ['Europe/Brussels', ['nl-NL'], { country: 'NL', currency: 'EUR' }],
    ['UTC', ['de-CH', 'de'], { country: 'CH', currency: 'CHF' }],
    ['UTC', ['en'], { country: 'US', currency: 'USD' }],
    ['Mars/Olympus', [], { country: 'US', currency: 'USD' }],
  ])('in %s with %j', (timezone, languages, expected) => {
    expect(proposePlace(timezone, languages)).toEqual({ ...expected, timezone })
  })
})

test('another country brings its currency and a zone of its own', () => {
  const newYork = { country: 'US', currency: 'USD', timezone: 'America/New_York' }
  expect(moveTo('FR', newYork)).toEqual({ country: 'FR', currency: 'EUR', timezone: 'Europe/Paris' })
})

test('a zone that the other country shares is kept', () => {
  const brussels = { country: 'BE', currency: 'EUR', timezone: 'Europe/Brussels' }
  expect(moveTo('NL', brussels).timezone).toBe('Europe/Brussels')
})

test('the choices hold what a restaurant may need, in the order of their names', () => {
  const countries = countryChoices()
  expect(countries).toContainEqual({ value: 'US', label: 'United States' })
  expect(countries.map(({ label }) => label)).toEqual(
    countries.map(({ label }) => label).toSorted((a, b) => a.localeCompare(b, 'en')),
  )
  expect(currencyChoices()).toContainEqual({ value: 'USD', label: 'US Dollar (USD)' })
})

test('every zone is offered once, those of the country first', () => {
  const { here, elsewhere } = timezoneChoices({ country: 'US', timezone: 'Asia/Calcutta' })
  expect(here).toContainEqual({ value: 'America/New_York', label: 'America / New York' })
  const values = [...here, ...elsewhere].map(({ value }) => value)
  expect(values).toContain('Asia/Calcutta')
  expect(values).toContain('UTC')
  expect(new Set(values).size).toBe(values.length)
})
