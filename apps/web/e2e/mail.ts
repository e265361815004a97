import { expect, type Page } from '@playwright/test'

import { env } from '../env'

type Mail = { to: string; subject: string; text: string; at: string }

async function listMail(page: Page, to: string): Promise<Mail[]> {
  const answer = await page.request.get(`/dev/mail.json?to=${encodeURIComponent(to)}`)
  expect(answer.ok()).toBe(true)
  return (await answer.json()) as Mail[]
}

/** The newest mail to the address with these words in its subject, once there are `count` of them. */
export async function readMail(page: Page, to: string, subject: string, count = 1): Promise<Mail> {
  let found: Mail[] = []
  await expect(async () => {
    found = (await listMail(page, to)).filter((mail) => mail.subject.includes(subject))
    expect(found).toHaveLength(count)
  }).toPass()
  const [newest] = found
  if (!newest) throw new Error(`No mail to ${to}`)
  return newest
}

/** The link to a page of ours in the text of a mail. */
export function linkIn({ text }: Mail, path: string): string {
  const link = text.split(/\s+/).find((word) => word.startsWith(`${env.url}${path}`))
  if (!link) throw new Error(`No link to ${path} in: ${text}`)
  return link
}
