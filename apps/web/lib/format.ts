import type { Restaurant } from '@flux/api-client'

import type { Language } from './language-script'

export type Format = ReturnType<typeof createFormat>

/** Numbers as the country writes them: in its own language where that has the digits and signs of an English page. */
function numberLocaleOf(country: string): string {
  const { language, script } = new Intl.Locale(`und-${country}`).maximize()
  return language && ['Latn', 'Grek', 'Cyrl'].includes(script ?? '')
    ? `${language}-${country}`
    : `en-${country}`
}

/**
 * Names of months in the language, in the order of the country. English falls back on American order, the world's
 * exception, so where a browser does not know the country it is told another.
 */
function dateLocaleOf(language: Language, country: string): string {
  const locale = `${language}-${country}`
  const isKnown = new Intl.DateTimeFormat(locale).resolvedOptions().locale === locale
  return isKnown ? locale : { en: 'en-GB', es: 'es' }[language]
}

/** How numbers, money and dates of one restaurant are written, to whoever reads this language. */
export function createFormat(
  { country, timezone }: Pick<Restaurant, 'country' | 'timezone'>,
  language: Language,
) {
  const numberLocale = numberLocaleOf(country)
  const number = new Intl.NumberFormat(numberLocale, { maximumFractionDigits: 3 })
  const percent = new Intl.NumberFormat(numberLocale, { style: 'percent' })
  const locale = dateLocaleOf(language, country)
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' })
  const instant = new Intl.DateTimeFormat(locale, {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: timezone,
  })
  const clock = new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone: 'UTC' })
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: timezone })
  const change = new Intl.NumberFormat(numberLocale, {
    style: 'percent',
    signDisplay: 'exceptZero',
    maximumFractionDigits: 1,
  })
  const ofDay = (options: Intl.DateTimeFormatOptions) => {
    const written = new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' })
    return (isoDate: string) => written.format(new Date(`${isoDate}T00:00:00Z`))
  }
  const longDate = ofDay({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })
  const shortDate = ofDay({ day: 'numeric', month: 'short' })
  const weekdays = { long: ofDay({ weekday: 'long' }), short: ofDay({ weekday: 'short' }) }
  const hour = new Intl.DateTimeFormat(locale, { hour: 'numeric', timeZone: 'UTC' })

  const monies = new Map<string, ReturnType<typeof createMoneyFormat>>()
  /** Made once a currency: to make one takes a phone longer than to write a hundred amounts. */
  const moneyOf = (currency: string) => {
    const known = monies.get(currency)
    if (known) return known
    const made = createMoneyFormat(numberLocale, currency)
    monies.set(currency, made)
    return made
  }

  return {
    language,
    number: (value: number) => number.format(value),
    percent: (share: number) => percent.format(share),
    /** How long something takes, as one says it. */
    duration: (seconds: number) => formatDuration(seconds, language),
    bytes: (bytes: number) => formatBytes(bytes, language),
    /** An amount in minor units, such as cents; how many make a unit is the currency's own affair (JPY has none). */
    money: (minor: number, currency: string) => {
      const { format, digits } = moneyOf(currency)
      return format.format(minor / 10 ** digits)
    },
    /** A round amount in few letters, for an axis. */
    shortMoney: (minor: number, currency: string) => {
      const { short, digits } = moneyOf(currency)
      return short.format(minor / 10 ** digits)
    },
    /** By how much something grew, as a share: with its sign. */
    change: (share: number) => change.format(share),
    /** A business date with its weekday, in full. */
    longDate,
    /** A business date without its year, for an axis. */
    shortDate,
    /** 1 for Monday to 7 for Sunday, as a word. */
    weekday: (number: number, length: 'long' | 'short') => weekdays[length](`2024-01-0${number}`),
    /** An hour of the day, 0 to 23. */
    hour: (number: number) => hour.format(new Date(Date.UTC(2024, 0, 1, number))),
    /** A business date, `2015-12-31`: already the restaurant's, so no zone moves it. */
    businessDate: (isoDate: string) => date.format(new Date(`${isoDate}T00:00:00Z`)),
    businessDates: (first: string, last: string) =>
      date.formatRange(new Date(`${first}T00:00:00Z`), new Date(`${last}T00:00:00Z`)),
    /** A moment, on the restaurant's clock. */
    moment: (isoInstant: string) => instant.format(new Date(isoInstant)),
    /** A time of day, `04:00`, on whatever clock. */
    time: (isoTime: string) => clock.format(new Date(`1970-01-01T${isoTime}Z`)),
    period: (first: string, last: string) => day.formatRange(new Date(first), new Date(last)),
  }
}

function createMoneyFormat(locale: string, currency: string) {
  const style = { style: 'currency', currency } as const
  const format = new Intl.NumberFormat(locale, style)
  return {
    format,
    short: new Intl.NumberFormat(locale, {
      ...style,
      notation: 'compact',
      minimumFractionDigits: 0,
      maximumFractionDigits: 1,
    }),
    digits: format.resolvedOptions().maximumFractionDigits ?? 2,
  }
}

/** 1.3 MB: sizes are read by people, so in steps of a thousand. */
function formatBytes(bytes: number, language: Language): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const
  const step = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1)
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit: units[step],
    unitDisplay: step === 0 ? 'long' : 'short',
    maximumFractionDigits: 1,
  }).format(bytes / 1000 ** step)
}

function formatDuration(seconds: number, language: Language): string {
  const isLong = seconds >= 90
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit: isLong ? 'minute' : 'second',
    unitDisplay: 'long',
  }).format(isLong ? Math.round(seconds / 60) : seconds)
}
