import { existsSync } from 'node:fs'

import { defineConfig } from '@playwright/test'

import { env } from './env'

const usual = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const size = (width: number, height: number) => ({ viewport: { width, height } })

export default defineConfig({
  testDir: 'e2e',
  forbidOnly: env.isCi,
  retries: 0,
  workers: 1,
  timeout: 90_000,
  expect: { timeout: 10_000 },
  reporter: 'list',
  use: {
    baseURL: env.url,
    locale: 'en-US',
    timezoneId: 'America/Chicago',
    trace: 'retain-on-failure',
    launchOptions: {
      // Without a path Playwright takes the Chromium it installed itself.
      executablePath: env.chromiumPath ?? usual.find((path) => existsSync(path)),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  projects: [
    { name: 'phone', use: { ...size(390, 844), hasTouch: true } },
    { name: 'desktop', use: size(1280, 800) },
  ],
})
