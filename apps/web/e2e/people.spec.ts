import { expect, test, type Page } from '@playwright/test'

import { expectAccessible } from './accessibility'
import { fillPassword, logIn, newOwner, openAccount } from './account'
import { chooseFiles, corpus, csv, sendFile } from './files'
import { linkIn, readMail } from './mail'
import { photograph } from './pictures'

const heading = (page: Page) => page.getByRole('heading', { level: 1 })

test('an owner invites a colleague, who joins, is made a viewer, and is taken out', async ({
  page,
  browser,
}, testInfo) => {
  const owner = newOwner('Pizza Place')
  const colleague = newOwner('')
  await openAccount(page, owner)
  await page.goto('/dashboard/team')
  const members = page.getByRole('region', { name: 'Who works here' })
  await expect(members).toContainText(owner.email)

  await test.step('invites', async () => {
    await page.getByLabel('E-mail').fill('nobody')
    await page.getByRole('button', { name: 'Send the invitation' }).click()
    await expect(page.getByLabel('E-mail')).toHaveAccessibleDescription(/Enter your e-mail address/)
    await page.getByLabel('E-mail').fill(colleague.email)
    await page.getByRole('button', { name: 'Send the invitation' }).click()
    await expect(page.getByRole('region', { name: 'Invited, not here yet' })).toContainText(colleague.email)
    await expectAccessible(page)
    await photograph(page, testInfo, 'team-invited')
  })

  const context = await browser.newContext()
  const theirs = await context.newPage()
  await test.step('the colleague joins', async () => {
    await theirs.goto(linkIn(await readMail(page, colleague.email, 'invited'), '/join'))
    await fillPassword(theirs, colleague.password)
    await theirs.getByRole('button', { name: 'Join' }).click()
    await expect(theirs.getByRole('banner')).toContainText('Pizza Place')
    await page.reload()
    await expect(members.getByRole('listitem')).toHaveCount(2)
    await expect(page.getByRole('region', { name: 'Invited, not here yet' })).toHaveCount(0)
  })

  await test.step('is made a viewer, who may look and no more', async () => {
    await members.getByLabel(`Role of ${colleague.email}`).selectOption('Viewer')
    await expectAccessible(page)
    await photograph(page, testInfo, 'team')
    await theirs.goto('/dashboard/data')
    await expect(theirs.getByText('Only owners and managers can upload')).toBeVisible()
    await expect(theirs.getByRole('link', { name: 'Team' })).toHaveCount(0)
    await expectAccessible(theirs)
    await theirs.goto('/dashboard/settings')
    await expect(theirs.getByText('Only an owner can change this')).toBeVisible()
    await expectAccessible(theirs)
  })

  await test.step('the last owner cannot step down', async () => {
    await members.getByLabel(`Role of ${owner.email}`).selectOption('Manager')
    await expect(members.getByRole('alert')).toContainText('Make somebody else owner first')
    await expect(members.getByLabel(`Role of ${owner.email}`)).toHaveValue('owner')
  })

  await test.step('is taken out', async () => {
    await page.getByRole('button', { name: `Remove ${colleague.email}` }).click()
    const dialog = page.getByRole('dialog', { name: `Remove ${colleague.email}?` })
    await expectAccessible(page)
    await dialog.getByRole('button', { name: 'Remove' }).click()
    await expect(members.getByRole('listitem')).toHaveCount(1)
    await theirs.goto('/dashboard')
    await expect(theirs.getByText('No restaurant yet')).toBeVisible()
  })
  await context.close()
})

test('settings: the restaurant, its day, the password and the devices', async ({
  page,
  browser,
}, testInfo) => {
  const owner = newOwner('Pizza Place')
  await openAccount(page, owner)
  const other = await browser.newContext()
  const elsewhere = await other.newPage()
  await elsewhere.goto('/login')
  await logIn(elsewhere, owner)
  await expect(elsewhere).toHaveURL('/dashboard')

  await test.step('renames the restaurant', async () => {
    await page.goto('/dashboard/settings')
    await page.getByLabel('Restaurant name').fill('Taberna del Puerto')
    await page.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByText('Saved.')).toBeVisible()
    await expect(page.getByRole('banner')).toContainText('Taberna del Puerto')
    await expectAccessible(page)
    await photograph(page, testInfo, 'settings')
  })

  await test.step('moves the start of the day, and is told what that means', async () => {
    await page.getByLabel('The business day starts at').selectOption('6:00 AM')
    await expect(page.getByText('All your files will be read again')).toBeVisible()
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByText('Saved.')).toBeVisible()
    await page.reload()
    await expect(page.getByLabel('The business day starts at')).toHaveValue('06:00')
  })

  await test.step('logs the other device out', async () => {
    const devices = page.getByRole('region', { name: 'Where you are logged in' })
    await devices
      .getByRole('button', { name: /^Log out (?!everywhere)/ })
      .first()
      .click()
    await expect(devices.getByRole('listitem')).toHaveCount(1)
    await elsewhere.goto('/dashboard/team')
    await expect(elsewhere).toHaveURL('/login?next=%2Fdashboard%2Fteam')
  })

  await test.step('changes the password', async () => {
    const password = 'quite another few words'
    await page.getByLabel('Current password').fill('not the password')
    await page.getByLabel('New password').fill(password)
    await page.getByRole('button', { name: 'Change the password' }).click()
    await expect(page.getByRole('main').getByRole('alert')).toContainText('not your current password')
    await expectAccessible(page)
    await page.getByLabel('Current password').fill(owner.password)
    await page.getByRole('button', { name: 'Change the password' }).click()
    await expect(page.getByText('All other devices were logged out')).toBeVisible()
    await logIn(elsewhere, { ...owner, password })
    await expect(elsewhere).toHaveURL('/dashboard/team')
  })
  await other.close()
})

test('four tabs whose access has run out stay logged in, and one whose session is over comes back', async ({
  page,
  context,
}) => {
  const owner = newOwner('Pizza Place')
  await openAccount(page, owner)
  const tabs = [page, await context.newPage(), await context.newPage(), await context.newPage()]
  await Promise.all(tabs.map((tab) => tab.goto('/dashboard/data')))
  for (const round of [1, 2]) {
    await context.clearCookies({ name: 'flux_access' })
    await Promise.all(tabs.map((tab) => tab.reload()))
    for (const tab of tabs) {
      await expect(tab.getByRole('banner'), `round ${round}`).toContainText('Pizza Place')
      await expect(tab).toHaveURL('/dashboard/data')
    }
  }
  await Promise.all(tabs.slice(1).map((tab) => tab.close()))

  await page.goto('/dashboard/settings')
  await expect(heading(page)).toHaveText('Settings')
  await context.clearCookies()
  await page.reload()
  await expect(page).toHaveURL('/login?next=%2Fdashboard%2Fsettings')
  await logIn(page, owner)
  await expect(page).toHaveURL('/dashboard/settings')
})

test('everything is there in Spanish, and stays so', async ({ page }, testInfo) => {
  const owner = newOwner('Taberna del Puerto')
  await openAccount(page, owner)
  await page.goto('/dashboard/data')
  await page.getByRole('button', { name: 'Your account' }).click()
  await expectAccessible(page)
  await photograph(page, testInfo, 'account-menu')
  await page.getByLabel('Language').selectOption('Español')
  await expect(heading(page)).toHaveText('Datos de ventas')
  await expect(page).toHaveTitle('Datos de ventas · Flux')
  await expect(page.locator('html')).toHaveAttribute('lang', 'es')
  await page.keyboard.press('Escape')

  for (const [path, title] of [
    ['/dashboard', 'Resumen'],
    ['/dashboard/team', 'Equipo'],
    ['/dashboard/settings', 'Ajustes'],
    ['/exports/toast', 'Cómo exportar de Toast'],
  ] as const) {
    await page.goto(path)
    await expect(heading(page)).toHaveText(title)
    await expectAccessible(page)
    await photograph(page, testInfo, `es${path.replaceAll('/', '-')}`)
  }

  await page.goto('/dashboard/data')
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Suelta aquí tus archivos' }).click()
  await (await chooser).setFiles([corpus('toast_product_mix.csv')])
  await page.getByRole('link', { name: 'toast_product_mix.csv' }).click()
  await expect(page.getByRole('main').getByRole('alert')).toContainText('no lista las ventas una a una')
  await expectAccessible(page)
  await photograph(page, testInfo, 'es-wrong-report')
})

test('the keyboard alone is enough to upload a file, undo it, and move on', async ({ page }) => {
  await openAccount(page, newOwner('Pizza Place'))
  await page.goto('/dashboard/data')
  await expect(page.getByRole('button', { name: 'Drop your files here' })).toBeEnabled()
  await page.waitForLoadState('networkidle')
  // Early, since a browser that is not yet told to hand a chooser over opens it, to nobody.
  const chooser = page.waitForEvent('filechooser')
  await page.keyboard.press('Tab')
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  await expect(page.getByRole('button', { name: 'Drop your files here' })).toBeFocused()
  await page.keyboard.press('Enter')
  await (
    await chooser
  ).setFiles([
    csv('june.csv', ['Order ID,Date,Time,Item name,Quantity,Net sales', '1,2026-06-01,12:00,Soup,1,6.00']),
  ])
  const link = page.getByRole('link', { name: 'june.csv' })
  await expect(page.getByText('Done', { exact: true })).toBeVisible()
  for (let presses = 0; presses < 6 && !(await isFocused(link)); presses++) await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await expect(heading(page)).toHaveText('june.csv')

  const undo = page.getByRole('button', { name: 'Undo' })
  await expect(undo).toBeVisible()
  for (let presses = 0; presses < 20 && !(await isFocused(undo)); presses++) await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog')
  await expect(dialog).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)
  await expect(undo).toBeFocused()
  await page.keyboard.press('Enter')
  const confirm = dialog.getByRole('button', { name: 'Undo the upload' })
  for (let presses = 0; presses < 4 && !(await isFocused(confirm)); presses++)
    await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('main').getByRole('status').first()).toHaveText('Undone')
})

const isFocused = (target: ReturnType<Page['getByRole']>) =>
  target.evaluate((element) => element === document.activeElement)

test('on a slow network one sees how far a file is, may leave it, and goes on after a reload', async ({
  page,
}, testInfo) => {
  await openAccount(page, newOwner('Pizza Place'))
  await page.goto('/dashboard/data')
  const session = await page.context().newCDPSession(page)
  const slow = (bytesASecond: number) =>
    session.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 100,
      downloadThroughput: bytesASecond,
      uploadThroughput: bytesASecond,
    })
  await session.send('Network.enable')
  await slow(60_000)
  const row = '1,2026-06-01,12:00,Soup of the day with everything that belongs into it,1,6.00'
  const file = csv('large.csv', [
    'Order ID,Date,Time,Item name,Quantity,Net sales',
    ...Array.from({ length: 36_000 }, (_, order) => row.replace('1', String(order))),
  ])
  await chooseFiles(page, [file])
  const sending = page.getByRole('list', { name: 'Files on their way' })
  await expect(sending).toContainText(/kB of [\d.]+ MB/)
  await expect(sending).toContainText('seconds left')
  await expectAccessible(page)
  await photograph(page, testInfo, 'sending')

  await test.step('other pages can be looked at meanwhile', async () => {
    await page.getByRole('link', { name: 'Settings' }).click()
    await expect(heading(page)).toHaveText('Settings', { timeout: 30_000 })
    await page.getByRole('link', { name: 'Sales data' }).click()
    await expect(sending).toContainText('Sending large.csv')
  })

  await test.step('a reload is asked about, and what was under way is remembered', async () => {
    page.once('dialog', (dialog) => void dialog.accept())
    await page.reload()
    await slow(10_000_000)
    await expect(sending).toContainText('large.csv was not sent to its end')
    await expectAccessible(page)
    await photograph(page, testInfo, 'sending-left')
    await sending.getByRole('button', { name: 'Remove' }).click()
    await expect(sending).toHaveCount(0)
  })

  await test.step('a broken connection is told, and the file goes on once it is back', async () => {
    await page.route('**/api/local-store/**', (route) => route.abort())
    await chooseFiles(page, [file])
    await expect(sending.getByRole('alert')).toContainText('The connection broke')
    await expectAccessible(page)
    await photograph(page, testInfo, 'sending-broken')
    await page.unroute('**/api/local-store/**')
    await page.evaluate(() => window.dispatchEvent(new Event('online')))
    await expect(page.getByRole('region', { name: 'Files so far' })).toContainText('Done', {
      timeout: 30_000,
    })
  })
})

test('a page that loses touch with Flux says so, and finds back', async ({ page }) => {
  await openAccount(page, newOwner('Pizza Place'))
  await page.route('**/api/**', (route) => route.fulfill({ status: 503, body: '' }))
  await page.goto('/dashboard/data')
  await expect(page.getByRole('heading', { name: 'Flux cannot be reached' })).toBeVisible()
  await page.unroute('**/api/**')
  await expect(heading(page)).toHaveText('Sales data', { timeout: 15_000 })

  await page.route('**/api/data/uploads*', (route) => route.abort())
  await page.goto('/dashboard/data')
  await expect(page.getByText('The files could not be loaded')).toBeVisible()
  await expectAccessible(page)
  await page.unroute('**/api/data/uploads*')
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByText('Nothing uploaded yet')).toBeVisible()
})

test('an address of nothing says so', async ({ page }) => {
  await openAccount(page, newOwner('Pizza Place'))
  await page.goto('/dashboard/data/upload?id=01890000-0000-7000-8000-000000000000')
  await expect(page.getByRole('main').getByRole('alert')).toContainText('There is no such upload')
  await expectAccessible(page)
  await page.goto('/dashboard/nowhere')
  await expect(page.getByRole('heading', { name: 'This page does not exist' })).toBeVisible()
})

test('a file with a name of its own is found again under it', async ({ page }) => {
  await openAccount(page, newOwner('Pizza Place'))
  const name = `${'a very long name of a file, '.repeat(8)}ñandú & <b>.csv`
  await sendFile(
    page,
    csv(name, ['Order ID,Date,Time,Item name,Quantity,Net sales', '1,2026-06-01,12:00,Soup,1,6.00']),
  )
  await page.setViewportSize({ width: 320, height: 640 })
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320)
})
