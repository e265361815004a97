/**
 * What Next cannot be told to write into a built page and its scripts.
 *
 * A policy that holds it to its own scripts: those from files of this site, and those inside the page by their hashes.
 * It stands in a <meta>, so that it is the same wherever the files are served from.
 *
 * A script that brings the page's other ones once it was painted: on a slow network they would keep the words and their
 * font waiting, which are in the page. One in the background is not painted, and does not wait.
 *
 * A hint to compile a script while it comes, in another thread, and not piece by piece once it runs
 * (Explicit JavaScript compile hints, Chrome 136): the login blocks Lighthouse's phone for 95 ms instead of 256.
 *
 * And what the dashboard asks first, so that the answers come while its scripts do. Only in the file, for a page that
 * is opened: one that is come to has asked before, and an old answer would be taken for the next question.
 */
/* global PerformanceObserver, addEventListener, document, removeEventListener, self, setTimeout */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const built = fileURLToPath(new URL('../out', import.meta.url))
const askedFirst = {
  'dashboard.html': ['/api/auth/me', '/api/insights/summary', '/api/data/uploads?limit=1'],
}
const compiledAhead = '//# allFunctionsCalledOnLoad\n'
const inline = /<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g
const ownScript = /<script src="([^"]+)"(?: id="[^"]*")? async=""><\/script>/g
const scriptAhead = /<link rel="preload" as="script"[^>]*\/>/g

/** Runs in the page: a form that is sent before its script is there is sent once it is (`early.ts`), and never by the browser. */
function holdForms() {
  let held
  const hold = (event) => {
    event.preventDefault()
    held = event.target
  }
  addEventListener('submit', hold)
  addEventListener(
    'flux-alive',
    () => {
      removeEventListener('submit', hold)
      if (held?.isConnected) held.requestSubmit()
    },
    { once: true },
  )
}

/** Runs in the page. One that is hidden until its words are there (`language-script.ts`) is not painted before either. */
function loadAfterPaint(addresses) {
  let isLoaded = false
  const load = () => {
    if (isLoaded) return
    isLoaded = true
    for (const src of addresses) {
      document.head.append(Object.assign(document.createElement('script'), { src, async: true }))
    }
  }
  const isTold = self.PerformanceObserver?.supportedEntryTypes?.includes('paint')
  if (!isTold || document.hidden || 'waiting' in document.documentElement.dataset) load()
  else {
    new PerformanceObserver(load).observe({ type: 'paint', buffered: true })
    setTimeout(load, 3000)
  }
}

/** Takes the page's scripts out, and puts them in again after the first paint. */
function scriptsAfterPaint(page) {
  const addresses = Array.from(page.matchAll(ownScript), ([, address]) => address)
  const text = (own) => String(own).replace(/\n\s*/g, '\n')
  const loader = `<script>(${text(holdForms)})();(${text(loadAfterPaint)})(${JSON.stringify(addresses)})</script>`
  return page
    .replace(ownScript, '')
    .replace(scriptAhead, '')
    .replace('</body>', () => `${loader}</body>`)
}

function complete(file, asked) {
  const page = scriptsAfterPaint(file)
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
  const path = join(built, name)
  const isPage = name.endsWith('.html')
  if (!isPage && !name.endsWith('.js')) continue
  const file = readFileSync(path, 'utf8')
  writeFileSync(path, isPage ? complete(file, askedFirst[name] ?? []) : compiledAhead + file)
}
