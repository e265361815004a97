import type { Role } from '@flux/api-client'
import { Select } from '@flux/ui'
import type { ComponentProps } from 'react'

import { useMessages } from '@/lib/language'

export const roles: readonly Role[] = ['viewer', 'manager', 'owner']

type RoleSelectProps = Omit<ComponentProps<'select'>, 'value' | 'onChange'> & {
  value: Role
  onChange: (role: Role) => void
}

export function RoleSelect({ value, onChange, ...rest }: RoleSelectProps) {
  const m = useMessages().team.roles
  return (
    <Select
      {...rest}
      value={value}
      onChange={({ target }) => {
        onChange(roles.find((role) => role === target.value) ?? value)
      }}
    >
      {roles.map((role) => (
        <option key={role} value={role}>
          {m[role]}
        </option>
      ))}
    </Select>
  )
}
