import { act, render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { LanguageProvider, useMessages } from './language'
import { LanguagePicker } from './language-picker'
import { languageScript } from './language-script'

const html = document.documentElement

function Page() {
  return (
    <LanguageProvider>
      <LanguagePicker />
      <Words />
    </LanguageProvider>
  )
}

function Words() {
  return <p>{useMessages().tryAgain}</p>
}

/** As a browser does with the script in the head of a page. */
function openPage(browserLanguage = 'en-US') {
  vi.spyOn(navigator, 'language', 'get').mockReturnValue(browserLanguage)
  html.lang = 'en'
  delete html.dataset.waiting
  window.eval(languageScript)
  return render(<Page />)
}

beforeEach(() => {
  vi.useFakeTimers({ shouldAdvanceTime: true })
})

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
  localStorage.clear()
})

test('the language is that of the browser until one is chosen', async () => {
  openPage('es-MX')
  expect(html.lang).toBe('es')
  expect(await screen.findByText('Volver a intentar')).toBeVisible()
  expect(screen.getByRole('combobox', { name: 'Idioma' })).toHaveDisplayValue('Español')
})

test('a page waits for its words, and no longer', async () => {
  openPage('es')
  expect(html).toHaveAttribute('data-waiting')
  await screen.findByText('Volver a intentar')
  await waitFor(() => {
    expect(html).not.toHaveAttribute('data-waiting')
  })
})

test('a page whose words do not come is shown all the same', () => {
  vi.spyOn(navigator, 'language', 'get').mockReturnValue('es')
  window.eval(languageScript)
  expect(html).toHaveAttribute('data-waiting')
  vi.advanceTimersByTime(3000)
  expect(html).not.toHaveAttribute('data-waiting')
})

test('in English nothing is waited for', () => {
  openPage('fr-FR')
  expect(html).not.toHaveAttribute('data-waiting')
  expect(screen.getByText('Try again')).toBeVisible()
})

test('a chosen language is there at once, and on the next page', async () => {
  const { unmount } = openPage()
  await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Language' }), 'Español')
  expect(await screen.findByText('Volver a intentar')).toBeVisible()
  expect(html.lang).toBe('es')
  unmount()
  openPage('en-US')
  expect(await screen.findByText('Volver a intentar')).toBeVisible()
})

test('a language chosen in another tab is followed', async () => {
  openPage()
  act(() => {
    window.dispatchEvent(new StorageEvent('storage', { key: 'flux-language', newValue: 'es' }))
  })
  expect(await screen.findByText('Volver a intentar')).toBeVisible()
})

test('what somebody else left in the storage is no language', () => {
  localStorage.setItem('flux-language', 'constructor')
  openPage()
  expect(screen.getByText('Try again')).toBeVisible()
})
