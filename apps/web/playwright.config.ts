import { existsSync } from 'node:fs'

import { defineConfig } from '@playwright/test'

import { env } from './env'

const usual = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const size = (width: number, height: number) => ({ viewport: { width, height } })

export default defineConfig({
  testDir: 'e2e',
  forbidOnly: env.isCi,
  // One that only passes the second time is called flaky in the summary.
  retries: env.isCi ? 1 : 0,
  workers: 2,
  timeout: 90_000,
  expect: {
    timeout: 10_000,
    // Another machine smooths the edges of letters a little differently.
    toHaveScreenshot: { threshold: 0.05, maxDiffPixels: 100 },
  },
  snapshotPathTemplate: 'e2e/pictures/{projectName}/{arg}{ext}',
  reporter: 'list',
  use: {
    baseURL: env.url,
    locale: 'en-US',
    timezoneId: 'America/Chicago',
    // To trace every test takes a tenth of the time, and in CI one that failed is tried again.
    trace: env.isCi ? 'on-first-retry' : 'retain-on-failure',
    launchOptions: {
      // Without a path Playwright takes the Chromium it installed itself.
      executablePath: env.chromiumPath ?? usual.find((path) => existsSync(path)),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-lcd-text',
        '--font-render-hinting=none',
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
    // Lighthouse has a phone of its own.
    { name: 'desktop', use: size(1280, 800), testIgnore: 'lighthouse.spec.ts' },
  ],
})
