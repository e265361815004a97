import { unwrap, type LinkAndPassword, type Role } from '@flux/api-client'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'

import { api } from '@/lib/api'

const perPage = 50

/** What the holder of a mailed link is invited to. */
export const invitationQuery = (token: string) =>
  queryOptions({
    queryKey: ['team', 'invitation', token],
    queryFn: () => unwrap(api.POST('/api/team/invitations/show', { body: { token } })),
    staleTime: Infinity,
  })

export const acceptInvitation = (body: LinkAndPassword) =>
  unwrap(api.POST('/api/team/invitations/accept', { body }))

export const membersQuery = infiniteQueryOptions({
  queryKey: ['team', 'members'],
  queryFn: ({ pageParam }) =>
    unwrap(api.GET('/api/team/members', { params: { query: { limit: perPage, cursor: pageParam } } })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next_cursor ?? undefined,
})

export const invitationsQuery = infiniteQueryOptions({
  queryKey: ['team', 'invitations'],
  queryFn: ({ pageParam }) =>
    unwrap(api.GET('/api/team/invitations', { params: { query: { limit: perPage, cursor: pageParam } } })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next_cursor ?? undefined,
})

export const invite = (body: { email: string; role: Role }) =>
  unwrap(api.POST('/api/team/invitations', { body }))

export const withdrawInvitation = (id: string) =>
  unwrap(api.DELETE('/api/team/invitations/{invitation_id}', { params: { path: { invitation_id: id } } }))

export const changeRole = (userId: string, role: Role) =>
  unwrap(api.PATCH('/api/team/members/{user_id}', { params: { path: { user_id: userId } }, body: { role } }))

export const removeMember = (userId: string) =>
  unwrap(api.DELETE('/api/team/members/{user_id}', { params: { path: { user_id: userId } } }))
