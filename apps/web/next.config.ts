import type { NextConfig } from 'next'
import { PHASE_DEVELOPMENT_SERVER } from 'next/constants'

import { env } from './env'

const pageExtensions = ['tsx', 'ts']

/** `page.dev.tsx` is a page for those who work on Flux: it is no part of what is built for its users. */
const pageExtensionsOfDevelopment = ['dev.tsx', ...pageExtensions]

const shared: NextConfig = {
  pageExtensions,
  transpilePackages: ['@flux/api-client', '@flux/ui'],
  reactStrictMode: true,
  poweredByHeader: false,
}

/** The built site is files, served beside the API; in development the API is reached through the same origin. */
export default function config(phase: string): NextConfig {
  if (phase !== PHASE_DEVELOPMENT_SERVER) {
    return {
      ...shared,
      output: 'export',
      ...(env.isGallery && { pageExtensions: pageExtensionsOfDevelopment, distDir: '.next/gallery' }),
    }
  }
  return {
    ...shared,
    pageExtensions: pageExtensionsOfDevelopment,
    rewrites: () =>
      Promise.resolve(
        ['/api/:path*', '/dev/mail/:path*', '/dev/mail.json'].map((source) => ({
          source,
          destination: `http://127.0.0.1:${env.apiPort}${source}`,
        })),
      ),
  }
}
