import { fileURLToPath } from 'node:url'

import type { Page, TestInfo } from '@playwright/test'

import { env } from '../env'

const documentation = fileURLToPath(new URL('../../../docs/dashboard.png', import.meta.url))

/** Keeps how the page looks, light and dark, with what the test run puts out. */
export async function photograph(page: Page, testInfo: TestInfo, name: string): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.screenshot({ path: testInfo.outputPath(`${name}-${colorScheme}.png`), fullPage: true })
  }
}

/** The picture of the documentation: wide and light, and only when asked for. */
export async function writePicture(page: Page, testInfo: TestInfo): Promise<void> {
  if (!env.isWritingPictures || testInfo.project.name !== 'desktop') return
  await page.mouse.move(0, 0)
  await page.screenshot({ path: documentation })
}
