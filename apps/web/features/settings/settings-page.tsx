'use client'

import { Card } from '@flux/ui'

import { useMessages } from '@/lib/language'
import { LanguagePicker } from '@/lib/language-picker'
import { ThemePicker } from '@/lib/theme-picker'

import { PasswordForm } from './password-form'
import { RestaurantForm } from './restaurant-form'
import { Sessions } from './sessions'

export function SettingsPage() {
  const messages = useMessages()
  return (
    <div className="mx-auto max-w-4xl space-y-6">
      <h1 className="text-2xl font-semibold">{messages.titles.settings}</h1>
      <RestaurantForm />
      <Card title={messages.settings.device}>
        <div className="grid gap-4 sm:grid-cols-2">
          <ThemePicker />
          <LanguagePicker />
        </div>
      </Card>
      <PasswordForm />
      <Sessions />
    </div>
  )
}
