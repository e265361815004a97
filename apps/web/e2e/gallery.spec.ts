import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { expect, test, type Page } from '@playwright/test'

import { expectAccessible } from './accessibility'
import { openGallery } from './gallery'

const sections = ['Actions', 'Fields', 'Feedback', 'Content', 'Charts', 'Navigation']

/** As somebody whose device is set to the other one. */
async function openIn(page: Page, theme: 'light' | 'dark') {
  await page.emulateMedia({ colorScheme: theme === 'dark' ? 'light' : 'dark', reducedMotion: 'reduce' })
  await page.addInitScript((chosen) => {
    localStorage.setItem('flux-theme', chosen)
  }, theme)
  await openGallery(page)
}

for (const theme of ['light', 'dark'] as const) {
  test.describe(`in the ${theme} theme`, () => {
    test.skip(
      process.platform !== 'linux',
      'The pictures were taken by Chromium on Linux; elsewhere letters are drawn in another way.',
    )

    test('every component looks as in its picture', async ({ page }) => {
      await openIn(page, theme)
      for (const name of sections) {
        const section = page.getByRole('region', { name, exact: true })
        await expect.soft(section).toHaveScreenshot(`${name.toLowerCase()}-${theme}.png`)
      }
    })

    test('what lies over the page looks as in its picture', async ({ page }) => {
      await openIn(page, theme)
      await page.getByRole('button', { name: 'Open a dialog' }).click()
      await expect.soft(page).toHaveScreenshot(`dialog-${theme}.png`)
      await page.keyboard.press('Escape')

      await page.getByRole('button', { name: 'Show a message' }).click()
      await page.getByRole('button', { name: 'Show a danger' }).click()
      const messages = page.getByRole('region', { name: 'Messages' })
      await expect(messages.getByRole('listitem')).toHaveCount(2)
      await expect.soft(messages.getByRole('list')).toHaveScreenshot(`messages-${theme}.png`)
    })

    test('what a chart tells looks as in its picture', async ({ page }) => {
      await openIn(page, theme)
      const chart = page.getByRole('region', { name: 'Revenue by day' })
      await chart.getByRole('slider').focus()
      await page.keyboard.press('ArrowLeft')
      await expect.soft(chart).toHaveScreenshot(`chart-told-${theme}.png`)
      const map = page.getByRole('region', { name: 'Busiest hours' })
      await map.getByRole('gridcell', { name: '60 orders' }).focus()
      await expect.soft(map).toHaveScreenshot(`heat-map-told-${theme}.png`)
    })
  })
}

test('axe finds nothing to object to in any component, in both themes', async ({ page }) => {
  await openGallery(page)
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Show a danger' }).click()
  await page.getByRole('button', { name: 'Open a dialog' }).click()
  await expectAccessible(page)
})

test('everything one can press is as big as a fingertip', async ({ page }) => {
  await openGallery(page)
  await page.getByRole('button', { name: 'Show a danger' }).click()
  await page.getByRole('button', { name: 'Open a dialog' }).click()
  const small = await page
    .locator('a, button, input:not([type=file]), select, summary, [role=tab], [role=slider]')
    .evaluateAll((targets) =>
      targets
        .filter((target) => target.checkVisibility())
        .map((target) => ({ html: target.outerHTML.slice(0, 120), box: target.getBoundingClientRect() }))
        .filter(({ box }) => Math.min(box.width, box.height) < 44)
        .map(({ html, box }) => `${box.width} x ${box.height}: ${html}`),
    )
  expect(small).toEqual([])
})

test('on the narrowest phone nothing is cut off, and what a chart tells stays on the screen', async ({
  page,
}) => {
  await page.setViewportSize({ width: 320, height: 640 })
  await openGallery(page)
  const slider = page.getByRole('slider', { name: 'Revenue by day', exact: true })
  const cells = page.getByRole('grid').getByRole('gridcell')
  for (const target of [slider, cells.first(), cells.nth(6), cells.last()]) {
    for (const key of ['Home', 'End']) {
      await target.press(key)
      const box = await page.getByTestId('tooltip').boundingBox()
      expect(box?.x).toBeGreaterThanOrEqual(0)
      expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(320)
    }
  }
  await page.getByRole('button', { name: 'Open a dialog' }).click()
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320)
})

test('the chosen theme is there before any of our scripts has loaded', async ({ page }) => {
  await openIn(page, 'dark')
  await page.route('**/_next/**/*.js', (route) => route.abort())
  await page.reload()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await expect(page.locator('html')).toHaveCSS('color-scheme', 'dark')
})

test('what is built for users has no page of development', () => {
  const built = readdirSync(fileURLToPath(new URL('../out', import.meta.url)), { recursive: true })
  expect(built).toContain('dashboard.html')
  expect(built.filter((path) => /^dev\b/.test(String(path)))).toEqual([])
})
