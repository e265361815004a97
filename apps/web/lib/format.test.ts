import { describe, expect, test } from 'vitest'

import { createFormat } from './format'

const plain = (text: string) => text.replace(/[\u00a0\u202f\u2009]/g, ' ')

const us = createFormat({ country: 'US', timezone: 'America/New_York' }, 'en')
const de = createFormat({ country: 'DE', timezone: 'Europe/Berlin' }, 'en')
const jp = createFormat({ country: 'JP', timezone: 'Asia/Tokyo' }, 'en')

describe('money', () => {
  test.each([
    [us, 81786005, 'USD', '$817,860.05'],
    [us, -1250, 'USD', '-$12.50'],
    [us, 0, 'USD', '$0.00'],
    [de, 81786005, 'EUR', '817.860,05 €'],
    [jp, 1200, 'JPY', '¥1,200'],
    [createFormat({ country: 'IN', timezone: 'Asia/Kolkata' }, 'en'), 81786005, 'INR', '₹8,17,860.05'],
    [us, 1234567, 'KWD', 'KWD 1,234.567'],
  ])('%#: as the country and the currency are written', (format, minor, currency, written) => {
    expect(plain(format.money(minor, currency))).toBe(written)
  })
})

test('quantities may be fractions, such as kilograms', () => {
  expect(us.number(49574)).toBe('49,574')
  expect(us.number(0.125)).toBe('0.125')
})

test('a moment is told on the clock of the restaurant', () => {
  expect(plain(us.moment('2016-01-01T02:30:00Z'))).toBe('Dec 31, 2015, 9:30 PM')
  expect(plain(jp.moment('2015-12-31T16:00:00Z'))).toContain('2016')
})

test('a business date is the same in every zone', () => {
  expect(us.businessDate('2015-01-01')).toBe('Jan 1, 2015')
  expect(de.businessDate('2015-01-01')).toBe('1 Jan 2015')
  expect(plain(us.businessDates('2015-01-01', '2015-12-31'))).toBe('Jan 1 – Dec 31, 2015')
})

test.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1000, '1 kB'],
  [2_412_345, '2.4 MB'],
  [5_000_000_000, '5 GB'],
])('%d bytes are %s', (bytes, written) => {
  expect(plain(us.bytes(bytes))).toBe(written)
})

test('in Spanish the months have Spanish names, and the numbers stay those of the country', () => {
  const format = createFormat({ country: 'US', timezone: 'America/New_York' }, 'es')
  expect(plain(format.businessDate('2015-12-31'))).toBe('31 dic 2015')
  expect(format.number(49574)).toBe('49,574')
  const madrid = createFormat({ country: 'ES', timezone: 'Europe/Madrid' }, 'es')
  expect(plain(madrid.money(81786005, 'EUR'))).toBe('817.860,05 €')
  expect(plain(madrid.bytes(2_412_345))).toBe('2,4 MB')
})

test('days, weekdays and hours are named as the reader does', () => {
  const spanish = createFormat({ country: 'ES', timezone: 'Europe/Madrid' }, 'es')
  expect(plain(us.longDate('2026-03-02'))).toBe('Monday, March 2, 2026')
  expect(plain(us.shortDate('2026-03-02'))).toBe('Mar 2')
  expect([1, 7].map((number) => us.weekday(number, 'long'))).toEqual(['Monday', 'Sunday'])
  expect([1, 7].map((number) => spanish.weekday(number, 'long'))).toEqual(['lunes', 'domingo'])
  expect([0, 19].map((number) => plain(us.hour(number)))).toEqual(['12 AM', '7 PM'])
  expect(plain(spanish.hour(19))).toBe('19')
})

test('a change has a sign, and an amount on an axis few letters', () => {
  expect([us.change(0.0421), us.change(-0.5), us.change(0)]).toEqual(['+4.2%', '-50%', '0%'])
  expect(us.shortMoney(182_000_00, 'USD')).toBe('$182K')
  expect(plain(jp.shortMoney(1200, 'JPY'))).toBe('¥1.2K')
})

test.each([
  [1, '1 second', '1 segundo'],
  [89, '89 seconds', '89 segundos'],
  [150, '3 minutes', '3 minutos'],
])('%d seconds are said as one says them', (seconds, english, spanish) => {
  expect(us.duration(seconds)).toBe(english)
  expect(createFormat({ country: 'US', timezone: 'UTC' }, 'es').duration(seconds)).toBe(spanish)
})
