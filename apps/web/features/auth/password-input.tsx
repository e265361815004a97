'use client'

import { IconButton, Input } from '@flux/ui'
import { Eye, EyeOff } from 'lucide-react'
import { useState, type ComponentProps } from 'react'

import { useMessages } from '@/lib/language'

/** A password that can be looked at: typed on a phone, in a hurry. */
export function PasswordInput(props: ComponentProps<'input'>) {
  const m = useMessages().auth
  const [isShown, setIsShown] = useState(false)
  return (
    <div className="relative">
      {/* Shown, it is text, which phones would correct and some browsers send away to be spell-checked. */}
      <Input
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck={false}
        {...props}
        type={isShown ? 'text' : 'password'}
        className="pr-12"
      />
      <IconButton
        label={isShown ? m.hidePassword : m.showPassword}
        icon={isShown ? EyeOff : Eye}
        onClick={() => {
          setIsShown(!isShown)
        }}
        className="absolute top-0 right-0"
      />
    </div>
  )
}
