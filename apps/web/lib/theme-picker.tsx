'use client'

import { Field, Select } from '@flux/ui'

import { useMessages } from './language'
import { themes, useTheme } from './theme'

export function ThemePicker() {
  const m = useMessages().theme
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
