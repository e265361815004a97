import { useEffect } from 'react'

let isAlive = false

/** What was typed into a field before the page's scripts came: where the form begins, else it would be emptied. */
export function typedEarly(name: string): string {
  if (isAlive || typeof document === 'undefined') return ''
  const field = document.querySelector(`[name="${name}"]`)
  return field instanceof HTMLInputElement ? field.value : ''
}

/** Says that the page's forms can be sent: one that was sent before is held back by `complete-pages.js` until then. */
export function useAlive(): void {
  useEffect(() => {
    isAlive = true
    dispatchEvent(new Event('flux-alive'))
  }, [])
}
