import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

import { expect, test } from '@playwright/test'

import { newOwner, openAccount } from './account'

const built = fileURLToPath(new URL('../out', import.meta.url))
const pages = readdirSync(built, { recursive: true })
  .map(String)
  .filter((name) => name.endsWith('.html') && !name.startsWith('_'))
const read = (name: string) => readFileSync(join(built, name), 'utf8')

test('every page admits the scripts it was built with, and no other inside it', async ({ page }) => {
  for (const name of pages) {
    const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(read(name))?.[1] ?? ''
    const scripts = policy.split('; ').find((part) => part.startsWith('script-src '))
    expect(scripts, name).toMatch(/^script-src 'self'( 'sha256-[\w+/=]+')+$/)
  }

  const refused: string[] = []
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) refused.push(message.text())
  })
  await openAccount(page, newOwner('Pizza Place'))
  for (const path of ['/login', '/exports', '/dashboard', '/dashboard/data', '/dashboard/settings']) {
    await page.goto(path)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await expect(page.locator('[aria-busy]')).toHaveCount(0)
  }
  expect(refused).toEqual([])

  await page.evaluate(() => {
    const script = document.createElement('script')
    script.textContent = 'document.title = "broken into"'
    document.head.append(script)
  })
  await expect(page).toHaveTitle('Settings · Flux')
  expect(refused).toHaveLength(1)
})

test('what a page loads before it can be used fits into 200 kB', () => {
  for (const name of ['dashboard.html', 'login.html', 'dashboard/data.html']) {
    // What its last script brings in; what stands in the head is for browsers that know no modules.
    const listed = /\((\[[^\]]+\])\)<\/script><\/body>/.exec(read(name))?.[1] ?? '[]'
    const scripts = JSON.parse(listed) as string[]
    expect(scripts.length).toBeGreaterThan(5)
    const bytes = scripts.reduce(
      (sum, src) => sum + gzipSync(readFileSync(join(built, src)), { level: 9 }).length,
      0,
    )
    test.info().annotations.push({ type: name, description: `${(bytes / 1000).toFixed(1)} kB` })
    if (name === 'dashboard.html') expect(bytes).toBeLessThanOrEqual(200_000)
  }
})

test('every script says that it is to be compiled while it comes', () => {
  const scripts = readdirSync(join(built, '_next'), { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.js'))
  expect(scripts.length).toBeGreaterThan(5)
  for (const name of scripts) {
    expect(read(join('_next', name)), name).toMatch(/^\/\/# allFunctionsCalledOnLoad\n(?!\/\/# all)/)
  }
})
