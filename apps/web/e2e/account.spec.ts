import { expect, test, type Page } from '@playwright/test'

import { expectAccessible } from './accessibility'
import { fillPassword, fillRegistration, logIn, newOwner, openAccount, post } from './account'
import { linkIn, readMail } from './mail'
import { photograph } from './pictures'

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name })
const alert = (page: Page) => page.getByRole('main').getByRole('alert')

/** As good as a link, but nobody was ever sent it. */
const wrongToken = `flux_v_${'x'.repeat(43)}00000000`

test('an owner registers, confirms the address by mail, and is in', async ({ page }, testInfo) => {
  const owner = newOwner('Pizza Place')

  await test.step('is told to check the mail', async () => {
    await fillRegistration(page, owner)
    await expectAccessible(page)
    await photograph(page, testInfo, 'register')
    await page.getByRole('button', { name: 'Create account' }).click()
    await expect(heading(page, 'Check your mail')).toBeFocused()
    await expect(page.getByRole('main')).toContainText(owner.email)
    await expectAccessible(page)
    await photograph(page, testInfo, 'check-mail')
  })

  await test.step('is not in before the link was opened', async () => {
    await page.getByRole('button', { name: 'I have confirmed it' }).click()
    await expect(alert(page)).toContainText('Not confirmed yet')
    await expectAccessible(page)
  })

  await test.step('has it sent again', async () => {
    await readMail(page, owner.email, 'Confirm your e-mail')
    await page.getByRole('button', { name: 'Send it again' }).click()
    await expect(page.getByRole('main').getByRole('status')).toContainText('Sent')
  })

  await test.step('corrects a mistyped address without typing the rest again', async () => {
    await page.getByRole('button', { name: 'Change the address' }).click()
    await expect(page.getByLabel('E-mail')).toBeFocused()
    await expect(page.getByLabel('E-mail')).toHaveValue(owner.email)
    await expect(page.getByLabel('Restaurant name')).toHaveValue(owner.restaurant)
    await page.getByRole('button', { name: 'Create account' }).click()
    await expect(heading(page, 'Check your mail')).toBeFocused()
  })

  await test.step('opens the newest link and enters the password', async () => {
    const mail = await readMail(page, owner.email, 'Confirm your e-mail', 3)
    const reader = await page.context().newPage()
    await reader.goto(linkIn(mail, '/verify'))
    await expect(reader).toHaveURL('/verify')
    await expect(reader).toHaveTitle('Confirm your e-mail · Flux')
    await expectAccessible(reader)
    await photograph(reader, testInfo, 'verify')

    await fillPassword(reader, 'not the password')
    await reader.getByRole('button', { name: 'Confirm and log in' }).click()
    await expect(alert(reader)).toContainText('not the password you chose')
    await expectAccessible(reader)

    await alert(reader).getByRole('link', { name: 'Set a new password' }).click()
    await expect(reader).toHaveURL('/forgot')
    await reader.goBack()
    await expect(reader).toHaveURL('/verify')
    await fillPassword(reader, owner.password)
    await reader.getByRole('button', { name: 'Confirm and log in' }).click()
    await expect(reader).toHaveURL('/dashboard')
    await expect(reader.getByRole('banner')).toContainText(owner.restaurant)
    await expect(reader.getByText('Confirm your e-mail address')).toHaveCount(0)
    await reader.close()
  })

  await test.step('goes on where the page was left open', async () => {
    await page.context().clearCookies()
    await page.getByRole('button', { name: 'I have confirmed it' }).click()
    await expect(page).toHaveURL('/dashboard')
    await expect(page.getByRole('banner')).toContainText(owner.restaurant)
  })
})

test('registering an address twice looks the same both times', async ({ page }) => {
  const owner = newOwner('Pizza Place')
  const stranger = { ...owner, restaurant: 'Another Place', password: 'five other words of theirs' }
  const seen: string[] = []
  for (const each of [owner, stranger]) {
    await page.context().clearCookies()
    await fillRegistration(page, each)
    await page.getByRole('button', { name: 'Create account' }).click()
    await expect(heading(page, 'Check your mail')).toBeFocused()
    seen.push(await page.getByRole('main').innerText())
    if (each === owner) {
      const link = linkIn(await readMail(page, owner.email, 'Confirm your e-mail'), '/verify')
      await post(page, '/api/auth/email/verify', {
        token: new URL(link).hash.slice(1),
        password: owner.password,
      })
    }
  }
  expect(seen[1]).toBe(seen[0])
  const told = await readMail(page, owner.email, 'already have an account')
  expect(linkIn(told, '/forgot')).toBeTruthy()
})

test('what is typed and sent before the scripts came is not lost', async ({ page }) => {
  const owner = newOwner('Casa Ana')
  await openAccount(page, owner)
  await page.context().clearCookies()
  let isHeld = true
  const held: (() => Promise<void>)[] = []
  await page.route('**/_next/**/*.js', async (route) => {
    if (isHeld) held.push(() => route.continue())
    else await route.continue()
  })
  // Its scripts hold up the event that is waited for otherwise.
  await page.goto('/login', { waitUntil: 'commit' })
  await page.getByLabel('E-mail').fill(owner.email)
  await page.getByRole('textbox', { name: 'Password' }).fill(owner.password)
  await page.keyboard.press('Enter')
  isHeld = false
  for (const send of held) await send()
  await expect(page).toHaveURL('/dashboard')
})

test('an owner who forgot the password sets a new one by mail', async ({ page }, testInfo) => {
  const owner = newOwner('Pizza Place')
  const changed = { ...owner, password: 'quite another few words' }
  await openAccount(page, owner)
  await page.context().clearCookies()

  await test.step('asks for the mail', async () => {
    await page.goto('/login')
    await page.getByRole('link', { name: 'Forgot your password?' }).click()
    await expect(page).toHaveURL('/forgot')
    await expect(page).toHaveTitle('Forgot your password? · Flux')
    await expectAccessible(page)
    await photograph(page, testInfo, 'forgot')
    await page.getByLabel('E-mail').fill(owner.email)
    await page.keyboard.press('Enter')
    await expect(heading(page, 'Check your mail')).toBeFocused()
    await expectAccessible(page)
    await photograph(page, testInfo, 'forgot-asked')
  })

  await test.step('sets a new one', async () => {
    const link = linkIn(await readMail(page, owner.email, 'Set a new password'), '/reset')
    await page.goto(link)
    await expect(page).toHaveURL('/reset')
    await expectAccessible(page)
    await photograph(page, testInfo, 'reset')

    await fillPassword(page, owner.email)
    await page.getByRole('button', { name: 'Set the password' }).click()
    const password = page.getByRole('textbox', { name: 'New password' })
    await expect(password).toBeFocused()
    await expect(password).toHaveAccessibleDescription(/easy to guess/)

    await fillPassword(page, changed.password)
    await page.getByRole('button', { name: 'Set the password' }).click()
    await expect(heading(page, 'Your password is set')).toBeFocused()
    await expectAccessible(page)
    await photograph(page, testInfo, 'reset-done')

    await page.goto('/login')
    await page.goto(link)
    await fillPassword(page, 'once more, by the same link')
    await page.getByRole('button', { name: 'Set the password' }).click()
    await expect(heading(page, 'This link does not work')).toBeFocused()
    await page.getByRole('link', { name: 'Get a new link' }).click()
    await expect(page).toHaveURL('/forgot')
  })

  await test.step('gets in with the new one alone', async () => {
    await page.getByRole('link', { name: 'Log in' }).click()
    await logIn(page, owner)
    await expect(alert(page)).toContainText('password is not right')
    await logIn(page, changed)
    await expect(page).toHaveURL('/dashboard')
  })
})

test('a wrong link says so and offers the way on', async ({ page }, testInfo) => {
  await test.step('to confirm an address', async () => {
    await page.goto(`/verify#${wrongToken}`)
    await fillPassword(page, 'four plain words here')
    await page.getByRole('button', { name: 'Confirm and log in' }).click()
    await expect(heading(page, 'This link does not work')).toBeFocused()
    await expectAccessible(page)
    await photograph(page, testInfo, 'verify-spent')
    await page.getByLabel('E-mail').fill('nobody@example.com')
    await page.getByRole('button', { name: 'Send a new link' }).click()
    await expect(heading(page, 'Check your mail')).toBeFocused()
  })

  for (const path of ['/verify', '/reset', '/join']) {
    await test.step(`cut off after ${path}`, async () => {
      await page.goto(path)
      await expect(heading(page, 'This link does not work')).toBeVisible()
    })
    if (path === '/verify') continue
    await expectAccessible(page)
    await photograph(page, testInfo, `spent-${path.slice(1)}`)
  }

  await test.step('to an invitation', async () => {
    await page.goto('/login')
    await page.goto(`/join#${wrongToken}`)
    await expect(page).toHaveURL('/join')
    await expect(heading(page, 'This link does not work')).toBeVisible()
  })
})

for (const hasAccount of [false, true]) {
  const who = hasAccount ? 'with' : 'without'
  test(`an invited colleague ${who} an account joins the restaurant`, async ({ page, browser }, testInfo) => {
    const owner = newOwner('Pizza Place')
    const colleague = newOwner('A Place of Their Own')
    await openAccount(page, owner)
    await post(page, '/api/team/invitations', { email: colleague.email, role: 'manager' })
    const link = linkIn(await readMail(page, colleague.email, 'invited'), '/join')

    const context = await browser.newContext()
    const theirs = await context.newPage()
    if (hasAccount) {
      await openAccount(theirs, colleague)
      await context.clearCookies()
    }
    // In the tab that shows an older link, which loads nothing anew.
    await theirs.goto('/join')
    await expect(heading(theirs, 'This link does not work')).toBeVisible()
    await theirs.goto(link)
    await expect(theirs).toHaveURL('/join')
    await expect(heading(theirs, 'Join Pizza Place')).toBeVisible()
    await expect(theirs.getByRole('main')).toContainText(`${owner.email} invited you as a manager`)
    await expect(theirs.getByLabel('E-mail')).toHaveValue(colleague.email)
    await expectAccessible(theirs)
    await photograph(theirs, testInfo, 'join')

    await fillPassword(theirs, hasAccount ? 'not the password' : 'short')
    await theirs.getByRole('button', { name: 'Join' }).click()
    await expect(theirs.getByRole('main')).toContainText(
      hasAccount ? 'not the password of your Flux account' : 'at least 10 characters',
    )
    await fillPassword(theirs, colleague.password)
    await theirs.getByRole('button', { name: 'Join' }).click()
    await expect(theirs).toHaveURL('/dashboard')
    const account = await theirs.request.get('/api/auth/me')
    const { restaurants } = (await account.json()) as { restaurants: { name: string; role: string }[] }
    expect(restaurants).toContainEqual(expect.objectContaining({ name: 'Pizza Place', role: 'manager' }))
    if (!hasAccount) await expect(theirs.getByRole('banner')).toContainText('Pizza Place')
    await context.close()
  })
}

test('whoever has not confirmed the address yet is reminded on the dashboard', async ({ page }, testInfo) => {
  const owner = newOwner('Pizza Place')
  await openAccount(page, owner)
  // Only where confirming is not asked for can somebody be in without it; these tests run with it asked for.
  await page.route('**/api/auth/me', async (route) => {
    const answer = await route.fetch()
    await route.fulfill({ json: { ...((await answer.json()) as object), email_verified: false } })
  })
  await page.goto('/dashboard')
  const reminder = page.getByRole('status').filter({ hasText: 'Confirm your e-mail address' })
  await expect(reminder).toContainText(`We sent a link to ${owner.email}`)
  await expectAccessible(page)
  await photograph(page, testInfo, 'banner')
  await reminder.getByRole('button', { name: 'Send it again' }).click()
  await expect(reminder).toContainText('Only the newest link works')
})
