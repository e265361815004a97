'use client'

import { Field, Select } from '@flux/ui'

import { messages } from './messages'
import { themes, useTheme } from './theme'

const m = messages.theme

export function ThemePicker() {
  const [chosen, choose] = useTheme()
  return (
    <Field label={m.label}>
      <Select
        value={chosen}
        onChange={({ target }) => {
          choose(themes.find((theme) => theme === target.value) ?? 'system')
        }}
      >
        {themes.map((theme) => (
          <option key={theme} value={theme}>
            {m[theme]}
          </option>
        ))}
      </Select>
    </Field>
  )
}
