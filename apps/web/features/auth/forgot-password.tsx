'use client'

import { useMessages } from '@/lib/language'

import { sendResetLink } from './api'
import { AskForMail } from './ask-for-mail'

export function ForgotPassword() {
  const messages = useMessages()
  const m = messages.forgot
  return (
    <AskForMail
      title={m.title}
      intro={m.intro}
      other={{ question: m.remembered, label: messages.auth.toLogin, href: '/login' }}
      submit={m.submit}
      send={sendResetLink}
      asked={{
        intro: messages.checkMail.sentIfKnown,
        next: [`${m.openLink} ${messages.checkMail.linkLasts}`],
        sentAgain: m.sentAgain,
      }}
    />
  )
}
