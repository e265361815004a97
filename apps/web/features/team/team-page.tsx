'use client'

import { Alert } from '@flux/ui'

import { useSession } from '@/features/auth/session'
import { useMessages } from '@/lib/language'

import { Invitations } from './invitations'
import { InviteForm } from './invite-form'
import { Members } from './members'

export function TeamPage() {
  const messages = useMessages()
  const { restaurant } = useSession()
  return (
    <div className="mx-auto max-w-4xl space-y-6">
      <h1 className="text-2xl font-semibold">{messages.titles.team}</h1>
      {restaurant.role === 'viewer' ? (
        <Alert tone="info" title={messages.team.viewerTitle}>
          {messages.team.viewer}
        </Alert>
      ) : (
        <>
          {restaurant.role === 'owner' && <InviteForm />}
          <Members />
          <Invitations />
        </>
      )}
    </div>
  )
}
