import { render, screen } from '@testing-library/react'
import { expect, test } from 'vitest'

import { Field, Input, Select } from '.'

test('a field names its input and describes it with its hint', () => {
  render(
    <Field label="E-mail" hint="The one you log in with.">
      <Input type="email" />
    </Field>,
  )
  const input = screen.getByRole('textbox', { name: 'E-mail' })
  expect(input).toHaveAccessibleDescription('The one you log in with.')
  expect(input).not.toHaveAttribute('aria-invalid')
})

test('an error marks the input as invalid and is read before the hint', () => {
  render(
    <Field label="E-mail" hint="The one you log in with." error="Enter an e-mail address.">
      <Input type="email" />
    </Field>,
  )
  const input = screen.getByRole('textbox', { name: 'E-mail' })
  expect(input).toBeInvalid()
  expect(input).toHaveAccessibleDescription('Enter an e-mail address. The one you log in with.')
})

test('a field wires a select in the same way', () => {
  render(
    <Field label="Country" error="Choose a country.">
      <Select>
        <option>Spain</option>
      </Select>
    </Field>,
  )
  const select = screen.getByRole('combobox', { name: 'Country' })
  expect(select).toBeInvalid()
  expect(select).toHaveAccessibleDescription('Choose a country.')
})
