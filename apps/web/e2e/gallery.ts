import { existsSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { expect, type Page } from '@playwright/test'

const built = fileURLToPath(new URL('../.next/gallery', import.meta.url))
const origin = 'http://gallery.invalid'

/** Every component on one page. Its files are read from where `build:gallery` puts them: no server is needed. */
export async function openGallery(page: Page): Promise<void> {
  expect(existsSync(built), 'built by: pnpm --filter @flux/web build:gallery').toBe(true)
  await page.route(`${origin}/**`, (route) => {
    const { pathname } = new URL(route.request().url())
    const path = join(built, extname(pathname) ? pathname : `${pathname}.html`)
    if (!existsSync(path)) return route.fulfill({ status: 404 })
    // A page does without its font where that comes late; a picture of it must not.
    if (extname(path) === '.css') {
      const body = readFileSync(path, 'utf8').replaceAll(/font-display:\s*optional/g, 'font-display:block')
      return route.fulfill({ body, contentType: 'text/css' })
    }
    return route.fulfill({ path })
  })
  await page.goto(`${origin}/dev/ui`)
  await expect(page.getByRole('slider')).toHaveCount(2)
  await page.evaluate(() => document.fonts.ready)
}
