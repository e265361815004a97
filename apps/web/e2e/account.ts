import { expect, type Page } from '@playwright/test'

import { env } from '../env'
import { linkIn, readMail } from './mail'

export type Owner = { email: string; password: string; restaurant: string }

/** Somebody nobody has seen before. */
export function newOwner(restaurant: string): Owner {
  return {
    email: `ana-${crypto.randomUUID().slice(0, 8)}@example.com`,
    password: 'four plain words here',
    restaurant,
  }
}

/** Asks the API as the page would: with its cookies, from its origin. */
export async function post(page: Page, path: string, data: object): Promise<void> {
  const answer = await page.request.post(path, { data, headers: { origin: env.url } })
  expect(answer.ok(), `${path} answered ${answer.status()}`).toBe(true)
}

/** An account with its address confirmed, logged in, without a page being looked at. */
export async function openAccount(page: Page, { email, password, restaurant }: Owner): Promise<void> {
  await post(page, '/api/auth/register', {
    email,
    password,
    restaurant_name: restaurant,
    country: 'US',
    currency: 'USD',
    timezone: 'America/New_York',
  })
  const link = linkIn(await readMail(page, email, 'Confirm your e-mail'), '/verify')
  await post(page, '/api/auth/email/verify', { token: new URL(link).hash.slice(1), password })
}

export async function fillRegistration(page: Page, { email, password, restaurant }: Owner): Promise<void> {
  await page.goto('/register')
  await page.getByLabel('Restaurant name').fill(restaurant)
  await page.getByLabel('E-mail').fill(email)
  await fillPassword(page, password)
  await page.getByLabel('Country').selectOption('United States')
  await page.getByLabel('Currency').selectOption('US Dollar (USD)')
  await page.getByLabel('Time zone').selectOption('America / New York')
}

export async function fillPassword(page: Page, password: string): Promise<void> {
  await page.getByRole('textbox', { name: /password/i }).fill(password)
}

export async function logIn(page: Page, { email, password }: Owner): Promise<void> {
  // The page before may have a field for the e-mail too, and be left once it is filled.
  await expect(page.getByRole('heading', { level: 1, name: 'Log in' })).toBeVisible()
  await page.getByLabel('E-mail').fill(email)
  await fillPassword(page, password)
  await page.getByRole('button', { name: 'Log in' }).click()
}

export async function logOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Your account' }).click()
  await page.getByRole('button', { name: 'Log out' }).click()
  await expect(page).toHaveURL('/login')
}
