'use client'

import { Field, FileDrop, Input, Select } from '@flux/ui'
import { useState } from 'react'

import { Section } from './section'

export function Fields() {
  const [names, setNames] = useState<string[]>([])
  return (
    <Section title="Fields">
      <div className="grid gap-6 sm:grid-cols-2">
        <Field label="Restaurant name" hint="As your guests know it.">
          <Input placeholder="Pizza Place" />
        </Field>
        <Field label="E-mail" error="Enter your e-mail address, such as ana@example.com.">
          <Input type="email" defaultValue="ana@example" />
        </Field>
        <Field label="Address of the invitation">
          <Input readOnly value="ana@example.com" />
        </Field>
        <Field label="Owner since">
          <Input disabled value="2024" />
        </Field>
        <Field label="Country">
          <Select defaultValue="ES">
            <option value="ES">Spain</option>
            <option value="US">United States</option>
          </Select>
        </Field>
        <Field label="Role" error="Choose a role.">
          <Select>
            <option>Manager</option>
            <option>Viewer</option>
          </Select>
        </Field>
      </div>
      <div className="grid gap-6 sm:grid-cols-2">
        <FileDrop
          label="Drop your files here, or tap to choose them"
          hint={
            names.length > 0 ? names.join(', ') : 'CSV, TSV or TXT. Old and overlapping periods are fine.'
          }
          dropLabel="Let go to send these files"
          isMultiple
          onFiles={(files) => {
            setNames(files.map(({ name }) => name))
          }}
        />
        <FileDrop
          label="Wait for the file before"
          hint="One at a time."
          dropLabel="Let go"
          isDisabled
          onFiles={() => undefined}
        />
      </div>
    </Section>
  )
}
