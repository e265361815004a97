'use client'

import NextLink from 'next/link'
import { useState, type ComponentProps } from 'react'

/**
 * A link whose page is loaded ahead once a pointer, a finger or the keyboard is on it, not as soon as it is seen: a
 * dashboard has dozens of links, and a slow phone has its hands full with the page it is on.
 */
export function Link(props: ComponentProps<typeof NextLink>) {
  const [isMeant, setIsMeant] = useState(false)
  const mean = () => {
    setIsMeant(true)
  }
  return (
    <NextLink
      {...props}
      prefetch={isMeant ? null : false}
      onPointerEnter={mean}
      onTouchStart={mean}
      onFocus={mean}
    />
  )
}
