/**
 * Holds every built page to its own scripts: those from files of this site, and those inside the page by their hashes.
 * It stands in a <meta>, so that it is the same wherever the files are served from.
 */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const built = fileURLToPath(new URL('../out', import.meta.url))
const inline = /<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g

function admit(page) {
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
  // Before anything that it is about.
  const admitted = page.replace(/<head>/, `<head>${meta}`)
  if (admitted === page) throw new Error('A page without a head')
  return admitted
}

for (const name of readdirSync(built, { recursive: true })) {
  if (!name.endsWith('.html')) continue
  const path = join(built, name)
  writeFileSync(path, admit(readFileSync(path, 'utf8')))
}
