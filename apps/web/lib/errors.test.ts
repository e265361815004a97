import { ApiProblem, Unreachable } from '@flux/api-client'
import { expect, test } from 'vitest'

import { describeError, fieldErrors, isLinkSpent, isUnreachable, isWrongCredentials } from './errors'
import { en } from './messages/en'

test.each([
  new Unreachable('no answer'),
  new ApiProblem(503, 'database_away', 'The database is away.'),
  new ApiProblem(502, 'unknown', ''),
  new ApiProblem(504, 'unknown', ''),
])('%s means that nobody can be asked just now', (error) => {
  expect(isUnreachable(error)).toBe(true)
  expect(describeError(error, en).title).toBe(en.errors.unreachableTitle)
})

test('a wrong password is told in plain words', () => {
  expect(describeError(new ApiProblem(401, 'wrong_credentials', 'Nope'), en).detail).toBe(
    en.codes.wrong_credentials,
  )
})

test('too many tries say when to come back', () => {
  const wait = 'Too many tries. Wait 40 seconds and try again.'
  expect(describeError(new ApiProblem(429, 'too_many_tries', wait), en).detail).toBe(wait)
  expect(describeError(new ApiProblem(429, 'unknown', ''), en).detail).toBe(en.errors.tooMany)
})

test('a spent link and a wrong password are told apart from everything else', () => {
  const spent = new ApiProblem(410, 'link_spent', 'Used.')
  const wrong = new ApiProblem(401, 'wrong_credentials', 'No.')
  const others = [
    new ApiProblem(401, 'signed_out', ''),
    new ApiProblem(404, 'not_found', ''),
    new Unreachable(),
  ]
  expect([spent, wrong, ...others].filter(isLinkSpent)).toEqual([spent])
  expect([spent, wrong, ...others].filter(isWrongCredentials)).toEqual([wrong])
})

test('a refusal without words of our own is told in those of the API', () => {
  expect(describeError(new ApiProblem(413, 'file_too_large', 'At most 100 MB.'), en).detail).toBe(
    'At most 100 MB.',
  )
})

test('what broke inside is not shown, only a number to ask about', () => {
  const words = describeError(new ApiProblem(500, 'internal', 'KeyError: total', [], 'req-7'), en)
  expect(words.detail).toBe(en.errors.unexpected)
  expect(words.reference).toContain('req-7')
  expect(describeError(new RangeError('oops'), en).detail).toBe(en.errors.unexpected)
})

test('the words about single fields go to the fields', () => {
  const problem = new ApiProblem(422, 'invalid', 'Look again.', [
    { pointer: '/email', code: 'invalid', detail: 'Not an address.' },
    { pointer: '/body/password', code: 'too_short', detail: 'Too short.' },
  ])
  expect(fieldErrors(problem)).toEqual({ email: 'Not an address.', password: 'Too short.' })
  expect(fieldErrors(new Unreachable())).toEqual({})
})
