import { render, screen } from '@testing-library/react'
import { expect, test } from 'vitest'

import { Field, Select } from '.'

test('a select in a field has its label, and says what is wrong with it', () => {
  render(
    <Field label="Country" error="Choose a country.">
      <Select defaultValue="ES" disabled>
        <option value="ES">Spain</option>
      </Select>
    </Field>,
  )
  const select = screen.getByRole('combobox', { name: 'Country' })
  expect(select).toBeInvalid()
  expect(select).toHaveAccessibleDescription('Choose a country.')
  expect(select).toBeDisabled()
})
