import { unwrap, type LinkAndPassword } from '@flux/api-client'
import { queryOptions } from '@tanstack/react-query'

import { api } from '@/lib/api'

/** What the holder of a mailed link is invited to. */
export const invitationQuery = (token: string) =>
  queryOptions({
    queryKey: ['team', 'invitation', token],
    queryFn: () => unwrap(api.POST('/api/team/invitations/show', { body: { token } })),
    staleTime: Infinity,
  })

export const acceptInvitation = (body: LinkAndPassword) =>
  unwrap(api.POST('/api/team/invitations/accept', { body }))
