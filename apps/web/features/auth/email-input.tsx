import { Input } from '@flux/ui'
import type { ComponentProps } from 'react'

/** An address that is also the name one logs in with, so that password managers know it. */
export function EmailInput(props: ComponentProps<'input'>) {
  return (
    <Input
      type="email"
      inputMode="email"
      autoComplete="username"
      autoCapitalize="none"
      autoCorrect="off"
      spellCheck={false}
      {...props}
    />
  )
}
