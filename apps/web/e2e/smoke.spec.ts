import { expect, test } from '@playwright/test'

/* Also run against a deployed Flux (`make smoke`), so it leaves nothing behind: pages, API and database in one journey. */
test('a stranger comes to the login page and is told that the password is wrong', async ({ page }) => {
  await page.goto('/')
  await expect(page.getByRole('heading', { level: 1, name: 'Log in' })).toBeVisible()
  await page.getByLabel('E-mail').fill('nobody@example.com')
  await page.getByLabel('Password', { exact: true }).fill('not the password of anybody')
  await page.getByRole('button', { name: 'Log in' }).click()
  await expect(page.getByRole('main').getByRole('alert')).toContainText('is not right')
})
