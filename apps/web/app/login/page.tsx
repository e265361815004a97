import type { Metadata } from 'next'

import { AuthFrame } from '@/features/auth/auth-frame'
import { LoginForm } from '@/features/auth/login-form'
import { messages } from '@/lib/messages'

const m = messages.auth

export const metadata: Metadata = { title: m.loginTitle }

export default function Page() {
  return (
    <AuthFrame
      title={m.loginTitle}
      intro={m.loginIntro}
      other={{ question: m.noAccount, label: m.toRegister, href: '/register' }}
    >
      <LoginForm />
    </AuthFrame>
  )
}
