import './globals.css'

import type { Metadata, Viewport } from 'next'
import type { ReactNode } from 'react'

import { fontVariables } from '@/lib/fonts'
import { LanguageProvider } from '@/lib/language'
import { languageScript } from '@/lib/language-script'
import { en } from '@/lib/messages/en'
import { QueryProvider } from '@/lib/query'
import { themeScript } from '@/lib/theme-script'

export const metadata: Metadata = {
  description: en.description,
}

export const viewport: Viewport = {
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f6f7fa' },
    { media: '(prefers-color-scheme: dark)', color: '#0a101f' },
  ],
}

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    // The script sets attributes that React does not know of.
    <html lang="en" className={fontVariables} suppressHydrationWarning>
      <head>
        <script dangerouslySetInnerHTML={{ __html: `${themeScript};${languageScript}` }} />
      </head>
      <body>
        <LanguageProvider>
          <QueryProvider>{children}</QueryProvider>
        </LanguageProvider>
      </body>
    </html>
  )
}
