import { expect, test, type Page } from '@playwright/test'

import { newOwner, openAccount } from './account'
import { expectAccessible } from './accessibility'

/** What the eye sees: whether the page is dark behind its words. */
const isDark = (page: Page) =>
  page.evaluate(() => {
    const [canvas = ''] = /[\d.]+/.exec(getComputedStyle(document.documentElement).backgroundColor) ?? []
    return Number(canvas) < 128
  })

test('a page is as dark as the device is, until something else is chosen, which stays', async ({ page }) => {
  await openAccount(page, newOwner('Casa Ana'))

  await test.step('as the device', async () => {
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.goto('/dashboard/settings')
    const theme = page.getByRole('main').getByLabel('Appearance')
    await expect(theme).toHaveValue('system')
    await expect.poll(() => isDark(page)).toBe(true)
    await page.emulateMedia({ colorScheme: 'light' })
    await expect.poll(() => isDark(page)).toBe(false)
  })

  await test.step('dark on a light device, also after a reload and on other pages', async () => {
    await page.getByRole('main').getByLabel('Appearance').selectOption('Dark')
    await expect.poll(() => isDark(page)).toBe(true)
    await expectAccessible(page)
    await page.reload()
    await expect.poll(() => isDark(page)).toBe(true)
    await expect(page.getByRole('main').getByLabel('Appearance')).toHaveValue('dark')
    await page.goto('/login')
    await expect.poll(() => isDark(page)).toBe(true)
  })

  await test.step('light on a dark device, chosen in the menu of the account', async () => {
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.goto('/dashboard')
    await page.getByRole('button', { name: 'Your account' }).click()
    await page.getByRole('group', { name: 'Your account' }).getByLabel('Appearance').selectOption('Light')
    await expect.poll(() => isDark(page)).toBe(false)
    await page.reload()
    await expect.poll(() => isDark(page)).toBe(false)
  })
})
