/**
 * What Next cannot be told to write into the head of a built page.
 *
 * A policy that holds it to its own scripts: those from files of this site, and those inside the page by their hashes.
 * It stands in a <meta>, so that it is the same wherever the files are served from.
 *
 * And what the dashboard asks first, so that the answers come while its scripts do. Only in the file, for a page that
 * is opened: one that is come to has asked before, and an old answer would be taken for the next question.
 */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const built = fileURLToPath(new URL('../out', import.meta.url))
const askedFirst = {
  'dashboard.html': ['/api/auth/me', '/api/insights/summary', '/api/data/uploads?limit=1'],
}
const inline = /<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g

function complete(page, asked) {
  const hashes = new Set(
    Array.from(
      page.matchAll(inline),
      ([, script]) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
    ),
  )
  const policy = [
    `script-src 'self' ${[...hashes].join(' ')}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
  ].join('; ')
  const meta = `<meta http-equiv="Content-Security-Policy" content="${policy}"/>`
  const ahead = asked.map(
    (address) => `<link rel="preload" as="fetch" crossorigin="use-credentials" href="${address}"/>`,
  )
  // The policy before anything that it is about.
  const completed = page.replace(/<head>/, `<head>${meta}${ahead.join('')}`)
  if (completed === page) throw new Error('A page without a head')
  return completed
}

for (const name of readdirSync(built, { recursive: true })) {
  if (!name.endsWith('.html')) continue
  const path = join(built, name)
  writeFileSync(path, complete(readFileSync(path, 'utf8'), askedFirst[name] ?? []))
}
