import { ApiProblem, Unreachable } from '@flux/api-client'
import { act, renderHook } from '@testing-library/react'
import { useForm } from 'react-hook-form'
import { expect, test } from 'vitest'

import { en } from '@/lib/messages/en'

import { isAboutFieldsOf, placeFieldErrors } from './field-errors'

const weak = { pointer: '/password', code: 'weak_password', detail: 'Many people use this password.' }
const foreign = { pointer: '/token', code: 'string_too_long', detail: 'Use at most 128 characters.' }
const problem = (...fields: (typeof weak)[]) => new ApiProblem(422, 'invalid_input', 'See errors.', fields)

test('a weak password is told at the password', () => {
  const { result } = renderHook(() => {
    const form = useForm({ defaultValues: { password: '' } })
    return { form, message: form.formState.errors.password?.message }
  })
  act(() => {
    placeFieldErrors(result.current.form, problem(weak, foreign), en)
  })
  expect(result.current.message).toBe(weak.detail)
})

test.each([
  ['only the form’s fields', problem(weak), true],
  ['also what the form does not show', problem(weak, foreign), false],
  ['no field', new ApiProblem(429, 'too_many_tries', 'Wait.'), false],
  ['nobody there', new Unreachable(), false],
])('whether all is said at the fields, if the error is about %s', (_, error, expected) => {
  const { result } = renderHook(() => useForm({ defaultValues: { password: '' } }))
  expect(isAboutFieldsOf(result.current, error)).toBe(expected)
})
