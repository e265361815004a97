'use client'

import type { Member, Role } from '@flux/api-client'
import { Badge, Button, Card, Dialog, DialogClose, Field } from '@flux/ui'
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { accountQuery } from '@/features/auth/api'
import { useSession } from '@/features/auth/session'
import { leaveForLogin } from '@/lib/api'
import { ErrorAlert } from '@/lib/error-alert'
import { useMessages } from '@/lib/language'
import { Paged } from '@/lib/paged'

import { changeRole, membersQuery, removeMember } from './api'
import { RoleSelect } from './role-select'

export function Members() {
  const m = useMessages().team
  const query = useInfiniteQuery(membersQuery)
  const members = query.data?.pages.flatMap(({ items }) => items)
  return (
    <Card title={m.membersTitle}>
      <Paged query={query} hasSome={members !== undefined} errorTitle={m.membersError} moreLabel={m.more}>
        <ul className="divide-y divide-line">
          {members?.map((member) => (
            <li key={member.user_id} className="py-4 first:pt-0 last:pb-0">
              <MemberRow member={member} />
            </li>
          ))}
        </ul>
      </Paged>
    </Card>
  )
}

function MemberRow({ member }: { member: Member }) {
  const m = useMessages().team
  const { account, restaurant, format } = useSession()
  const queryClient = useQueryClient()
  const isOwner = restaurant.role === 'owner'
  const isSelf = member.user_id === account.id
  const role = useMutation({
    mutationFn: (chosen: Role) => changeRole(member.user_id, chosen),
    onSettled: async () => {
      await queryClient.invalidateQueries(membersQuery)
      if (isSelf) await queryClient.invalidateQueries(accountQuery)
    },
  })
  return (
    <div className="space-y-3">
      <div className="flex flex-wrap items-end justify-between gap-3">
        <div className="min-w-0 flex-1 basis-56">
          <p className="flex flex-wrap items-center gap-2 font-medium">
            <span className="min-w-0 wrap-anywhere">{member.email}</span>
            {isSelf && <Badge tone="info">{m.you}</Badge>}
          </p>
          <p className="text-sm text-muted">{m.joined(format.moment(member.joined_at))}</p>
        </div>
        <div className="flex flex-wrap items-end gap-3">
          {isOwner ? (
            <div className="w-40">
              <Field label={m.role}>
                <RoleSelect
                  aria-label={m.roleOf(member.email)}
                  value={role.isPending ? role.variables : member.role}
                  disabled={role.isPending}
                  onChange={role.mutate}
                />
              </Field>
            </div>
          ) : (
            <p className="py-2.5">{m.roles[member.role]}</p>
          )}
          {(isOwner || isSelf) && <RemoveMember member={member} isSelf={isSelf} />}
        </div>
      </div>
      {role.error && <ErrorAlert error={role.error} />}
    </div>
  )
}

function RemoveMember({ member, isSelf }: { member: Member; isSelf: boolean }) {
  const messages = useMessages()
  const m = messages.team
  const { restaurant } = useSession()
  const queryClient = useQueryClient()
  const [isOpen, setIsOpen] = useState(false)
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => removeMember(member.user_id),
    onSuccess: () => {
      if (isSelf) leaveForLogin()
      else {
        setIsOpen(false)
        void queryClient.invalidateQueries(membersQuery)
      }
    },
  })
  return (
    <Dialog
      title={isSelf ? m.leaveTitle(restaurant.name) : m.removeTitle(member.email)}
      description={isSelf ? m.leaveAbout : m.removeAbout}
      closeLabel={messages.close}
      isOpen={isOpen}
      onOpenChange={setIsOpen}
      trigger={
        <Button look="secondary">
          {isSelf ? m.leave : m.remove}
          {!isSelf && <span className="sr-only">{member.email}</span>}
        </Button>
      }
      actions={
        <>
          <DialogClose>
            <Button look="secondary">{messages.cancel}</Button>
          </DialogClose>
          <Button
            look="danger"
            isLoading={isPending}
            onClick={() => {
              mutate()
            }}
          >
            {isSelf ? m.leave : m.remove}
          </Button>
        </>
      }
    >
      {error && <ErrorAlert error={error} />}
    </Dialog>
  )
}
