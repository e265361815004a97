import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, test, vi } from 'vitest'

import { Input, Select } from '.'

test('an input takes what is typed and passes on what it is given', async () => {
  const onChange = vi.fn()
  render(<Input aria-label="Name" autoComplete="organization" onChange={onChange} />)
  const input = screen.getByRole('textbox', { name: 'Name' })
  await userEvent.type(input, 'Pizza Place')
  expect(input).toHaveValue('Pizza Place')
  expect(onChange).toHaveBeenCalled()
  expect(input).toHaveAttribute('autocomplete', 'organization')
})

test('an input that is only read takes nothing', async () => {
  render(<Input aria-label="E-mail" readOnly value="ana@example.com" />)
  await userEvent.type(screen.getByRole('textbox'), 'x')
  expect(screen.getByRole('textbox')).toHaveValue('ana@example.com')
})

test('a select is one of the device, chosen from by keyboard or touch', async () => {
  const onChange = vi.fn()
  render(
    <Select aria-label="Role" onChange={onChange} defaultValue="viewer">
      <option value="owner">Owner</option>
      <option value="viewer">Viewer</option>
    </Select>,
  )
  const select = screen.getByRole<HTMLSelectElement>('combobox', { name: 'Role' })
  expect(select.tagName).toBe('SELECT')
  await userEvent.selectOptions(select, 'Owner')
  expect(select).toHaveValue('owner')
  expect(onChange).toHaveBeenCalledOnce()
})
