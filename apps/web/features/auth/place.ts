import { getAllCountries, getAllTimezones, getCountry, getTimezone } from 'countries-and-timezones'
import currencyOf from 'country-to-currency'

export type Place = { country: string; currency: string; timezone: string }
export type Choice = { value: string; label: string }

type CountryCode = keyof typeof currencyOf

const fallback = { country: 'US', timezone: 'UTC' }

const isCountry = (code: string): code is CountryCode => code in currencyOf && getCountry(code) !== null

export function currencyOfCountry(country: string): string {
  return isCountry(country) ? currencyOf[country] : 'USD'
}

export function timezonesOfCountry(country: string): string[] {
  return [...(getCountry(country)?.timezones ?? [])].sort()
}

/**
 * Where the device seems to be. The zone says more than the language: plenty of devices are set to US English
 * far from the United States. A zone of no country (UTC) leaves the language's region.
 */
export function proposePlace(timezone: string, languages: readonly string[]): Place {
  const regions = languages.map((language) => new Intl.Locale(language).region)
  const ofZone = getTimezone(timezone)?.countries ?? []
  const country =
    // A zone may be shared by countries: the one that the language names, else the first.
    regions.find((region) => region && ofZone.includes(region as never)) ??
    ofZone[0] ??
    regions.find((region) => region && isCountry(region)) ??
    fallback.country
  return { country, currency: currencyOfCountry(country), timezone: timezone || fallback.timezone }
}

/** The place after another country was chosen: its currency, and its zone unless the one before is also there. */
export function moveTo(country: string, from: Place): Place {
  const zones = timezonesOfCountry(country)
  const timezone = zones.includes(from.timezone) ? from.timezone : (zones[0] ?? from.timezone)
  return { country, currency: currencyOfCountry(country), timezone }
}

function named(
  codes: Iterable<string>,
  type: 'region' | 'currency',
  label: (code: string, name: string) => string,
) {
  const names = new Intl.DisplayNames('en', { type })
  const choices = Array.from(new Set(codes), (value) => ({
    value,
    label: label(value, names.of(value) ?? value),
  }))
  return choices.sort((a, b) => a.label.localeCompare(b.label, 'en'))
}

export function countryChoices(): Choice[] {
  return named(Object.keys(getAllCountries()).filter(isCountry), 'region', (_, name) => name)
}

export function currencyChoices(): Choice[] {
  return named(Object.values(currencyOf), 'currency', (code, name) => `${name} (${code})`)
}

const asChoice = (zone: string): Choice => ({
  value: zone,
  label: zone.replaceAll('_', ' ').replaceAll('/', ' / '),
})

/** Every zone once: those of the country (and the one chosen), then all others. */
export function timezoneChoices({ country, timezone }: Omit<Place, 'currency'>): {
  here: Choice[]
  elsewhere: Choice[]
} {
  const here = timezonesOfCountry(country)
  const elsewhere = new Set([timezone, fallback.timezone, ...Object.keys(getAllTimezones())])
  here.forEach((zone) => elsewhere.delete(zone))
  return { here: here.map(asChoice), elsewhere: [...elsewhere].sort().map(asChoice) }
}
