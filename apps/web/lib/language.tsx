'use client'

import { createContext, use, useEffect, useState, useSyncExternalStore, type ReactNode } from 'react'

import { isLanguage, languageKey, type Language } from './language-script'
import { en, type Messages } from './messages/en'

/** English is in every page as it is built; another language is loaded by those who read it. */
const load: Record<Language, () => Promise<Messages>> = {
  en: () => Promise.resolve(en),
  es: async () => (await import('./messages/es')).es,
}

const LanguageContext = createContext<{ language: Language; messages: Messages }>({
  language: 'en',
  messages: en,
})

/** Every word the product shows, in the language of whoever looks at it. */
export function useMessages(): Messages {
  return use(LanguageContext).messages
}

/** The language that is shown, and how to choose another. `language-script.ts` brings it back on the next page. */
export function useLanguage(): [Language, (language: Language) => void] {
  return [use(LanguageContext).language, chooseLanguage]
}

export function LanguageProvider({ children }: { children: ReactNode }) {
  const wanted = useSyncExternalStore<Language>(watch, readLanguage, () => 'en')
  const [shown, setShown] = useState<{ language: Language; messages: Messages }>({
    language: 'en',
    messages: en,
  })

  useEffect(() => {
    let isWanted = true
    load[wanted]()
      .then((messages) => {
        if (isWanted) setShown({ language: wanted, messages })
      })
      // Better in English than not at all.
      .catch(show)
    return () => {
      isWanted = false
    }
  }, [wanted])

  useEffect(() => {
    if (shown.language === wanted) show()
  }, [shown, wanted])

  return <LanguageContext value={shown}>{children}</LanguageContext>
}

/** Ends the waiting that the script in the head began. */
function show(): void {
  document.documentElement.removeAttribute('data-waiting')
}

function readLanguage(): Language {
  const { lang } = document.documentElement
  return isLanguage(lang) ? lang : 'en'
}

function chooseLanguage(language: Language): void {
  document.documentElement.lang = language
  try {
    localStorage.setItem(languageKey, language)
  } catch {
    // A browser that keeps nothing shows the language until the page is left.
  }
}

function watch(onChange: () => void): () => void {
  const observer = new MutationObserver(onChange)
  observer.observe(document.documentElement, { attributeFilter: ['lang'] })
  return () => {
    observer.disconnect()
  }
}
