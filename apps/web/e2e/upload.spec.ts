import { fileURLToPath } from 'node:url'

import { expect, test, type Page } from '@playwright/test'

import { expectAccessible } from './accessibility'
import { fillPassword, logIn, logOut, newOwner, openAccount } from './account'
import { chooseFiles } from './files'
import { photograph, writePicture } from './pictures'

const sample = fileURLToPath(new URL('../../api/src/flux/sample/pizzaplace.csv', import.meta.url))

async function upload(page: Page) {
  const posted = page.waitForResponse(
    (response) => response.url().endsWith('/api/data/uploads') && response.request().method() === 'POST',
  )
  await chooseFiles(page, sample)
  const { id } = (await (await posted).json()) as { id: string }
  await page.waitForResponse(
    async (response) =>
      response.url().endsWith(`/api/data/uploads/${id}`) &&
      ((await response.json()) as { status: string }).status === 'completed',
    { timeout: 60_000 },
  )
  await expect(page.getByRole('region', { name: 'Latest upload' }).getByText('Done')).toBeVisible()
}

test('an owner uploads an export, sees what it says, and uploads it again', async ({ page }, testInfo) => {
  const owner = newOwner('Pizza Place')
  const figures = page.getByRole('region', { name: 'Sales so far' })
  const latest = page.getByRole('region', { name: 'Latest upload' })

  await test.step('is led to the login and back', async () => {
    await openAccount(page, owner)
    await page.goto('/dashboard')
    await logOut(page)
    await page.goto('/dashboard')
    await expect(page).toHaveURL('/login?next=%2Fdashboard')
    await expectAccessible(page)
    await photograph(page, testInfo, 'login')

    await logIn(page, { ...owner, password: 'not the password' })
    await expect(page.getByRole('main').getByRole('alert')).toContainText('password is not right')
    await fillPassword(page, owner.password)
    await page.getByRole('button', { name: 'Log in' }).click()
    await expect(page).toHaveURL('/dashboard')
  })

  await test.step('finds nothing yet, and the way to the first file', async () => {
    await expect(figures).toContainText('No sales yet')
    await expect(latest).toContainText('Nothing uploaded yet')
    await expectAccessible(page)
    await photograph(page, testInfo, 'empty')
    await page.getByRole('button', { name: 'Upload your first file' }).click()
    await expect(page.getByRole('button', { name: 'Drop your files here' })).toBeFocused()
  })

  await test.step('uploads an export', async () => {
    await upload(page)
    await expect(latest).toContainText('New orders21,350')
    for (const figure of ['21,350', '49,574', '$817,860.05']) {
      await expect(figures.getByText(figure, { exact: true })).toBeVisible()
    }
    await expectAccessible(page)
    await photograph(page, testInfo, 'dashboard')
    await writePicture(page, testInfo)
  })

  await test.step('uploads it again, which adds nothing', async () => {
    await upload(page)
    await expect(latest).toContainText('All 21,350 orders were already known')
    await expect(latest).toContainText('New orders0')
    await expect(figures.getByText('$817,860.05', { exact: true })).toBeVisible()
    await page.reload()
    await expect(figures.getByText('21,350', { exact: true })).toBeVisible()
    await expect(latest).toContainText('All 21,350 orders were already known')
  })

  await test.step('logs out, after which the dashboard is closed', async () => {
    await logOut(page)
    await page.goto('/dashboard')
    await expect(page).toHaveURL('/login?next=%2Fdashboard')
  })
})

test('the page says when Flux cannot be reached, and recovers by itself', async ({ page }) => {
  await page.route('**/api/auth/me', (route) => route.abort())
  await page.goto('/dashboard')
  await expect(page.getByRole('heading', { name: 'Flux cannot be reached' })).toBeVisible()
  await expectAccessible(page)
  await page.unroute('**/api/auth/me')
  await expect(page).toHaveURL('/login?next=%2Fdashboard', { timeout: 15_000 })
})

test('the narrowest phones need no scrolling sideways', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 })
  for (const path of ['/login', '/register', '/forgot', '/verify', '/reset', '/join']) {
    await page.goto(path)
    await expect(page.getByRole('main').getByRole('link')).not.toHaveCount(0)
    await expect(page.locator('[aria-busy]')).toHaveCount(0)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320)
  }
})
