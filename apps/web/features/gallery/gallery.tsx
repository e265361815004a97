'use client'

import { ToastProvider } from '@flux/ui'

import { Brand } from '@/lib/brand'
import { ThemePicker } from '@/lib/theme-picker'

import { Actions } from './actions'
import { Charts } from './charts'
import { Content } from './content'
import { Feedback } from './feedback'
import { Fields } from './fields'
import { Navigation } from './navigation'

/**
 * Every component of the design system, for those who work on it and for the screenshot test. Its words are samples
 * and not the product's, so they do not stand in the messages.
 */
export function Gallery() {
  return (
    <ToastProvider label="Message" regionLabel="Messages" closeLabel="Close">
      <main className="mx-auto max-w-6xl px-4 py-8 sm:px-6 lg:px-8">
        <div className="mb-8 flex flex-wrap items-end justify-between gap-6">
          <div>
            <Brand />
            <h1 className="mt-4 text-2xl font-semibold">Components</h1>
          </div>
          <div className="w-full sm:w-64">
            <ThemePicker />
          </div>
        </div>
        <Actions />
        <Fields />
        <Feedback />
        <Content />
        <Charts />
        <Navigation />
      </main>
    </ToastProvider>
  )
}
