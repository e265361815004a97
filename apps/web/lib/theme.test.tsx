import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, test, vi } from 'vitest'

import { ThemePicker } from './theme-picker'
import { themeScript } from './theme-script'

const html = document.documentElement

/** As a browser does with the script in the head of a page. */
function openPage() {
  html.removeAttribute('data-theme')
  window.eval(themeScript)
  render(<ThemePicker />)
}

const picker = () => screen.getByRole('combobox', { name: 'Appearance' })

afterEach(() => {
  localStorage.clear()
  vi.restoreAllMocks()
})

test('the theme follows the device until one is chosen', () => {
  openPage()
  expect(picker()).toHaveDisplayValue('Same as this device')
  expect(html).not.toHaveAttribute('data-theme')
})

test('a chosen theme is there at once, and on the next page before anything is drawn', async () => {
  openPage()
  await userEvent.selectOptions(picker(), 'Dark')
  expect(html).toHaveAttribute('data-theme', 'dark')
  html.removeAttribute('data-theme')
  window.eval(themeScript)
  expect(html).toHaveAttribute('data-theme', 'dark')
})

test('one can go back to the theme of the device', async () => {
  localStorage.setItem('flux-theme', 'light')
  openPage()
  expect(picker()).toHaveDisplayValue('Light')
  await userEvent.selectOptions(picker(), 'Same as this device')
  expect(html).not.toHaveAttribute('data-theme')
  expect(localStorage.getItem('flux-theme')).toBeNull()
})

test('a theme chosen in another tab is followed', async () => {
  openPage()
  window.dispatchEvent(new StorageEvent('storage', { key: 'flux-theme', newValue: 'dark' }))
  await vi.waitFor(() => {
    expect(picker()).toHaveDisplayValue('Dark')
  })
  expect(html).toHaveAttribute('data-theme', 'dark')
})

test('what somebody else left in the storage is no theme', () => {
  localStorage.setItem('flux-theme', 'constructor')
  openPage()
  expect(html).not.toHaveAttribute('data-theme')
})

test('a browser that keeps nothing still shows what was chosen', async () => {
  for (const method of ['getItem', 'setItem'] as const) {
    vi.spyOn(Storage.prototype, method).mockImplementation(() => {
      throw new DOMException('denied', 'SecurityError')
    })
  }
  openPage()
  await userEvent.selectOptions(picker(), 'Dark')
  expect(html).toHaveAttribute('data-theme', 'dark')
})
