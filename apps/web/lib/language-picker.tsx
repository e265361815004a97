'use client'

import { Field, Select } from '@flux/ui'

import { useLanguage, useMessages } from './language'
import { isLanguage, languages } from './language-script'

/** Each language by its own name, so that whoever reads only that one finds it. */
const names = { en: 'English', es: 'Español' }

export function LanguagePicker() {
  const m = useMessages()
  const [shown, choose] = useLanguage()
  return (
    <Field label={m.language}>
      <Select
        value={shown}
        onChange={({ target: { value } }) => {
          if (isLanguage(value)) choose(value)
        }}
      >
        {languages.map((language) => (
          <option key={language} value={language} lang={language}>
            {names[language]}
          </option>
        ))}
      </Select>
    </Field>
  )
}
