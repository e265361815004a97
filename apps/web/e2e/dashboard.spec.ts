import { readFile } from 'node:fs/promises'

import { expect, test, type Locator, type Page } from '@playwright/test'

import { env } from '../env'
import { expectAccessible } from './accessibility'
import { newOwner, openAccount } from './account'
import { photograph } from './pictures'

const header = 'Order ID,Date,Time,Item,Category,Quantity,Net sales\n'

/** Two soups and a bread on each of so many days up to the 29th of March, which is a Sunday; the soup grows dearer. */
function salesOf(days: number, longName = 'Bread'): string {
  return (
    header +
    Array.from({ length: days }, (_, index) => {
      const date = new Date(Date.UTC(2026, 2, 29 - index)).toISOString().slice(0, 10)
      const price = index < 28 ? '12.00' : '6.00'
      return `${index},${date},19:30,Soup,Kitchen,2,${price}\n${index},${date},19:30,${longName},Bakery,1,3.00\n`
    }).join('')
  )
}

async function upload(page: Page, content: string, name = 'march.csv'): Promise<string> {
  const answer = await page.request.post('/api/data/upload', {
    multipart: { file: { name, mimeType: 'text/csv', buffer: Buffer.from(content) } },
    headers: { origin: env.url },
  })
  expect(answer.ok()).toBe(true)
  const { id } = (await answer.json()) as { id: string }
  await expect(async () => {
    const shown = await page.request.get(`/api/data/uploads/${id}`)
    expect(((await shown.json()) as { status: string }).status).toBe('completed')
  }).toPass({ timeout: 30_000 })
  return id
}

const region = (page: Page, name: string): Locator => page.getByRole('region', { name, exact: true })

async function expectNoSidewaysScrolling(page: Page) {
  const { width } = page.viewportSize() ?? { width: 0 }
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
}

test('an owner looks around with the sample, and removes it', async ({ page }, testInfo) => {
  await openAccount(page, newOwner('Casa Ana'))
  await page.goto('/dashboard')

  await test.step('finds nothing yet, and two ways on', async () => {
    await expect(page.getByRole('banner')).toContainText('Casa Ana')
    await expect(region(page, 'Sales so far')).toContainText('No sales yet')
    await expectAccessible(page)
    await photograph(page, testInfo, 'no-sales')
    await expect(page.getByRole('link', { name: 'Upload your first file' })).toHaveAttribute(
      'href',
      '/dashboard/data',
    )
  })

  await test.step('has the sample read, and sees how far it is', async () => {
    await page.getByRole('button', { name: 'Look around with sample sales' }).click()
    await expect(region(page, 'Latest upload')).toContainText('sample.csv')
    await expect(page.getByText('These are sample sales, not yours')).toBeVisible({ timeout: 60_000 })
    await expect(region(page, 'Key figures').getByRole('link')).toHaveCount(3)
    await expect(page.getByRole('slider', { name: 'Revenue by day' })).toBeVisible()
    await expect(region(page, 'Top items').getByRole('list')).toBeVisible()
    await expectAccessible(page)
    await expectNoSidewaysScrolling(page)
    await photograph(page, testInfo, 'sample')
  })

  await test.step('cannot have both', async () => {
    const answer = await page.request.post('/api/data/uploads', {
      data: { filename: 'march.csv', size_bytes: 10 },
      headers: { origin: env.url },
    })
    expect(answer.status()).toBe(409)
  })

  await test.step('reads on the file’s own page that it is a sample', async () => {
    await region(page, 'Latest upload').getByRole('link').click()
    await expect(page.getByRole('heading', { level: 1, name: 'sample.csv' })).toBeVisible()
    await expect(page.getByText('Sample, not your sales')).toBeVisible()
    await page.getByRole('link', { name: 'All files' }).click()
    await expect(region(page, 'Files so far').getByRole('listitem')).toContainText('Sample, not your sales')
    await page.goto('/dashboard')
  })

  await test.step('looks at a year', async () => {
    await page.getByRole('button', { name: '1 year' }).click()
    await expect(page).toHaveURL(/days=365/)
    await expect(region(page, 'Key figures')).toContainText('Not compared')
    await expect(region(page, 'Revenue by day').locator('path.stroke-accent')).toHaveCount(1)
  })

  await test.step('removes it by one click', async () => {
    await page.getByRole('button', { name: 'Remove the sample' }).click()
    await expect(region(page, 'Sales so far')).toContainText('No sales yet', { timeout: 60_000 })
    await expect(page.getByText('These are sample sales, not yours')).toBeHidden()
  })
})

test('every figure is compared, and leads to the rows that it is made of', async ({ page }, testInfo) => {
  await openAccount(page, newOwner('Casa Ana'))
  await upload(page, salesOf(56))
  await page.goto('/dashboard')
  const figures = region(page, 'Key figures')

  await test.step('28 days beside the 28 before', async () => {
    await expect(figures.getByRole('definition')).toHaveText([
      '$420.00',
      '+66.7% against the 28 days before, the same weekdays',
      '28',
      '0% against the 28 days before, the same weekdays',
      '$15.00',
      '+66.7% against the 28 days before, the same weekdays',
    ])
    await expect(figures).toContainText(
      'Compared with the 28 days before, the same weekdays: Feb 2 – Mar 1, 2026.',
    )
  })

  await test.step('an item, to its lines and the file', async () => {
    await region(page, 'Top items').getByRole('tab', { name: 'By quantity' }).click()
    await page.getByRole('link', { name: 'Soup, 56 sold: see the lines' }).click()
    await expect(page.getByRole('heading', { name: 'Lines of Soup' })).toBeVisible()
    const lines = page.getByRole('main').getByRole('listitem')
    await expect(lines).toHaveCount(20)
    await expect(lines.first()).toContainText('2 × Soup')
    await expect(lines.first()).toContainText('march.csv, row 2')
    await page.getByRole('button', { name: 'Show more' }).click()
    await expect(lines).toHaveCount(28)
    await expectAccessible(page)
    await photograph(page, testInfo, 'lines')
    await page.getByRole('link', { name: 'Back to the dashboard' }).click()
    await expect(page).toHaveURL('/dashboard?days=28')
  })

  await test.step('an hour, to its orders', async () => {
    await page.getByRole('gridcell', { name: '4 orders' }).last().click()
    await page.getByRole('link', { name: 'Sunday, 7 PM: 4 orders' }).click()
    await expect(page.getByRole('heading', { name: 'Orders', exact: true })).toBeVisible()
    await expect(page.getByText('Order 0')).toBeVisible()
    await expect(page.getByText('2 × Soup row 2')).toBeVisible()
    await expectAccessible(page)
    await photograph(page, testInfo, 'orders')
    await page.goBack()
  })

  await test.step('a day, to its order', async () => {
    await page.getByText('Show as a table').click()
    await page.getByRole('link', { name: 'Sunday, March 29, 2026 $15.00: see the orders' }).click()
    await expect(page.getByText('Order 0')).toBeVisible()
    await page.goBack()
  })

  await test.step('days of one’s own, also after a reload', async () => {
    await page.getByRole('button', { name: 'Other days' }).click()
    await page.getByLabel('From').fill('2026-03-27')
    await page.getByLabel('From').press('Enter')
    await expect(figures.getByRole('definition').first()).toHaveText('$45.00')
    await expect(figures).toContainText('against the same weekdays before')
    await page.reload()
    await expect(figures.getByRole('definition').first()).toHaveText('$45.00')
    await expectAccessible(page)
    await photograph(page, testInfo, 'own-days')
  })

  await test.step('takes the figures along', async () => {
    const downloaded = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Download as CSV: Revenue by day' }).click()
    const file = await downloaded
    expect(file.suggestedFilename()).toBe('days-2026-03-27-2026-03-29.csv')
    expect((await readFile(await file.path(), 'utf8')).trim().split('\r\n').slice(1)).toEqual([
      '2026-03-27,1,15.00,USD',
      '2026-03-28,1,15.00,USD',
      '2026-03-29,1,15.00,USD',
    ])
  })

  await test.step('an upload that is undone takes its figures away', async () => {
    const { items } = (await (await page.request.get('/api/data/uploads')).json()) as {
      items: { id: string }[]
    }
    const answer = await page.request.delete(`/api/data/uploads/${items[0]?.id ?? ''}`, {
      headers: { origin: env.url },
    })
    expect(answer.ok()).toBe(true)
    await page.goto('/dashboard')
    await expect(region(page, 'Sales so far')).toContainText('No sales yet', { timeout: 30_000 })
  })
})

test('the dashboard is used by keyboard alone', async ({ page }) => {
  await openAccount(page, newOwner('Casa Ana'))
  await upload(page, salesOf(30))
  await page.goto('/dashboard')
  await expect(region(page, 'Key figures').getByRole('link')).toHaveCount(3)
  await expect(page.getByRole('slider')).toBeVisible()
  const reach = async (target: Locator) => {
    for (let presses = 0; presses < 60; presses += 1) {
      if (await target.evaluate((element) => element === document.activeElement)) return
      await page.keyboard.press('Tab')
    }
    throw new Error('It cannot be reached by the tabulator.')
  }
  await reach(page.getByRole('button', { name: '7 days' }))
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL('/dashboard?days=7')
  await expect(region(page, 'Key figures')).toContainText('$105.00')
  await reach(page.getByRole('slider'))
  await page.keyboard.press('Home')
  await expect(page.getByTestId('tooltip')).toContainText('Monday, March 23, 2026')
  await reach(page.getByRole('tab', { name: 'By revenue' }))
  await page.keyboard.press('ArrowRight')
  await expect(page.getByRole('list', { name: 'By quantity' })).toBeVisible()
  await reach(page.getByRole('gridcell').first())
  await page.keyboard.press('End')
  const orders = page.getByRole('link', { name: 'Sunday, 7 PM: 1 order' })
  await reach(orders)
  await page.keyboard.press('Enter')
  await expect(page.getByText('Order 0')).toBeVisible()
})

test('long names and the narrowest phone need no scrolling sideways', async ({ page }, testInfo) => {
  const name = 'Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz-Brot '.repeat(3).trim()
  await openAccount(
    page,
    newOwner('Wirtshaus zum Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz'),
  )
  await upload(page, salesOf(100, name), `${'a-long-name-'.repeat(12)}.csv`)
  await page.setViewportSize({ width: 320, height: 640 })
  await page.goto('/dashboard?days=90')
  await expect(region(page, 'Top items').getByRole('list')).toContainText(name)
  await expect(page.getByRole('slider')).toBeVisible()
  await expectNoSidewaysScrolling(page)
  await photograph(page, testInfo, 'narrow')
  await page.getByRole('link', { name: new RegExp(`^${name}`) }).click()
  await expect(page.getByRole('main').getByRole('listitem')).toHaveCount(20)
  await expectNoSidewaysScrolling(page)
  await photograph(page, testInfo, 'narrow-lines')
})

test('an answer that cannot be had says so beside the others, and can be asked for again', async ({
  page,
}) => {
  await openAccount(page, newOwner('Casa Ana'))
  await upload(page, salesOf(30))
  await page.route('**/api/insights/items*', (route) => route.fulfill({ status: 500, body: '' }))
  await page.goto('/dashboard')
  const items = region(page, 'Top items')
  await expect(items.getByRole('alert')).toContainText('The figures could not be loaded')
  await expect(region(page, 'Key figures')).toContainText('$420.00')
  await expectAccessible(page)
  await page.unroute('**/api/insights/items*')
  await items.getByRole('button', { name: 'Try again' }).click()
  await expect(items.getByRole('list')).toContainText('Soup')
})

test('in Spanish the dashboard is in Spanish', async ({ page }) => {
  await openAccount(page, newOwner('Casa Ana'))
  await upload(page, salesOf(30))
  await page.addInitScript(() => {
    localStorage.setItem('flux-language', 'es')
  })
  await page.goto('/dashboard')
  await expect(region(page, 'Cifras clave')).toContainText('Ingresos')
  await expect(page.getByRole('figure', { name: 'Ingresos por día' })).toContainText('Ver como tabla')
  await expectAccessible(page)
})
