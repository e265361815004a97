import { fileURLToPath } from 'node:url'

import { expect, test, type Page } from '@playwright/test'

import { expectAccessible } from './accessibility'
import { fillPassword, logIn, logOut, newOwner, openAccount } from './account'
import { chooseFiles } from './files'
import { photograph, writePicture } from './pictures'

const sample = fileURLToPath(new URL('../../api/src/flux/sample/pizzaplace.csv', import.meta.url))

/** Sends the export on the page of all uploads, and comes back when it was read. */
async function upload(page: Page) {
  await page.goto('/dashboard/data')
  const posted = page.waitForResponse(
    (response) => response.url().endsWith('/api/data/uploads') && response.request().method() === 'POST',
  )
  await chooseFiles(page, sample)
  const { id } = (await (await posted).json()) as { id: string }
  await expect(async () => {
    const shown = await page.request.get(`/api/data/uploads/${id}`)
    expect(((await shown.json()) as { status: string }).status).toBe('completed')
  }).toPass({ timeout: 60_000 })
  await page.goto('/dashboard?days=365')
  await expect(page.getByRole('region', { name: 'Latest upload' }).getByText('Done')).toBeVisible()
}

test('an owner uploads an export, sees what it says, and uploads it again', async ({ page }, testInfo) => {
  const owner = newOwner('Pizza Place')
  const figures = page.getByRole('region', { name: 'Key figures' })
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
    await expect(page.getByRole('region', { name: 'Sales so far' })).toContainText('No sales yet')
    await expect(latest).toHaveCount(0)
    await expectAccessible(page)
    await photograph(page, testInfo, 'empty')
    await page.getByRole('link', { name: 'Upload your first file' }).click()
    await expect(page).toHaveURL('/dashboard/data')
  })

  await test.step('uploads an export', async () => {
    await upload(page)
    for (const figure of ['$817,860.05', '21,350', '$38.31']) {
      await expect(figures.getByText(figure, { exact: true })).toBeVisible()
    }
    await expectAccessible(page)
    await photograph(page, testInfo, 'dashboard')
    await page.getByRole('button', { name: '28 days' }).click()
    await expect(figures).toContainText('against the 28 days before')
    await expect(page.getByRole('slider')).toBeVisible()
    await page.waitForLoadState('networkidle')
    await writePicture(page, testInfo)
  })

  await test.step('uploads it again, which adds nothing', async () => {
    await upload(page)
    await expect(figures.getByText('$817,860.05', { exact: true })).toBeVisible()
    await latest.getByRole('link').click()
    await expect(page.getByText('All 21,350 orders were already known')).toBeVisible()
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
