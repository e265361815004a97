'use client'

import type { PendingInvitation } from '@flux/api-client'
import { Button, Card } from '@flux/ui'
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'

import { useSession } from '@/features/auth/session'
import { ErrorAlert } from '@/lib/error-alert'
import { useMessages } from '@/lib/language'
import { Paged } from '@/lib/paged'

import { invitationsQuery, withdrawInvitation } from './api'

/** Who was invited and has not come yet. Nothing is shown while there is nobody. */
export function Invitations() {
  const m = useMessages().team
  const query = useInfiniteQuery(invitationsQuery)
  const invitations = query.data?.pages.flatMap(({ items }) => items)
  if (query.isPending || invitations?.length === 0) return null
  return (
    <Card title={m.invitationsTitle}>
      <Paged
        query={query}
        hasSome={invitations !== undefined}
        errorTitle={m.invitationsError}
        moreLabel={m.more}
      >
        <ul className="divide-y divide-line">
          {invitations?.map((invitation) => (
            <li key={invitation.id} className="py-4 first:pt-0 last:pb-0">
              <InvitationRow invitation={invitation} />
            </li>
          ))}
        </ul>
      </Paged>
    </Card>
  )
}

function InvitationRow({ invitation: { id, email, role, expires_at } }: { invitation: PendingInvitation }) {
  const m = useMessages().team
  const { restaurant, format } = useSession()
  const queryClient = useQueryClient()
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => withdrawInvitation(id),
    onSettled: () => queryClient.invalidateQueries(invitationsQuery),
  })
  return (
    <div className="space-y-3">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <div className="min-w-0 flex-1 basis-56">
          <p className="font-medium wrap-anywhere">{email}</p>
          <p className="text-sm text-muted">{m.pending(m.roles[role], format.moment(expires_at))}</p>
        </div>
        {restaurant.role === 'owner' && (
          <Button
            look="secondary"
            isLoading={isPending}
            onClick={() => {
              mutate()
            }}
          >
            {m.withdraw}
            <span className="sr-only">{email}</span>
          </Button>
        )}
      </div>
      {error && <ErrorAlert error={error} />}
    </div>
  )
}
