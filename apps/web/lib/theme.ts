'use client'

import { useSyncExternalStore } from 'react'

const key = 'flux-theme'
const attribute = 'data-theme'

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

/** The theme that was chosen on this device, and how to choose. `theme-script.ts` brings it back on the next page. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  return [useSyncExternalStore(watch, readTheme, () => 'system'), chooseTheme]
}

function readTheme(): Theme {
  const chosen = document.documentElement.getAttribute(attribute)
  return themes.find((theme) => theme === chosen) ?? 'system'
}

function chooseTheme(theme: Theme): void {
  if (theme === 'system') document.documentElement.removeAttribute(attribute)
  else document.documentElement.setAttribute(attribute, theme)
  try {
    if (theme === 'system') localStorage.removeItem(key)
    else localStorage.setItem(key, theme)
  } catch {
    // A browser that keeps nothing shows the theme until the page is left.
  }
}

function watch(onChange: () => void): () => void {
  const observer = new MutationObserver(onChange)
  observer.observe(document.documentElement, { attributeFilter: [attribute] })
  return () => {
    observer.disconnect()
  }
}
