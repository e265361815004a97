'use client'

import { messages } from '@/lib/messages'

import { sendResetLink } from './api'
import { AskForMail } from './ask-for-mail'

const m = messages.forgot

export function ForgotPassword() {
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
