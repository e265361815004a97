import type { Metadata } from 'next'

import { AuthFrame } from '@/features/auth/auth-frame'
import { RegisterForm } from '@/features/auth/register-form'
import { messages } from '@/lib/messages'

const m = messages.auth

export const metadata: Metadata = { title: m.registerTitle }

export default function Page() {
  return (
    <AuthFrame
      title={m.registerTitle}
      intro={m.registerIntro}
      other={{ question: m.hasAccount, label: m.toLogin, href: '/login' }}
    >
      <RegisterForm />
    </AuthFrame>
  )
}
