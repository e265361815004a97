import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { expect, type Page } from '@playwright/test'

export type SentFile = { name: string; mimeType: string; buffer: Buffer }

export const csv = (name: string, lines: string[]): SentFile => ({
  name,
  mimeType: 'text/csv',
  buffer: Buffer.from(lines.join('\r\n') + '\r\n'),
})

/** A file of those that the tests of ingestion read. */
export function corpus(name: string): SentFile {
  const path = fileURLToPath(new URL(`../../api/tests/ingestion/corpus/${name}`, import.meta.url))
  return { name, mimeType: 'text/csv', buffer: readFileSync(path) }
}

/** Chooses files in the picker, as one does after pressing the target. */
export async function chooseFiles(page: Page, files: SentFile[] | string): Promise<void> {
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Drop your files here' }).click()
  await (await chooser).setFiles(files)
}

/** Sends one file on the page of all uploads, and opens its own page. */
export async function sendFile(page: Page, file: SentFile): Promise<void> {
  await page.goto('/dashboard/data')
  await chooseFiles(page, [file])
  await page
    .getByRole('region', { name: 'Files so far' })
    .getByRole('link', { name: file.name })
    .first()
    .click()
  await expect(page.getByRole('heading', { level: 1, name: file.name })).toBeVisible()
}
