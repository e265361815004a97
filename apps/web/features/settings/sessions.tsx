'use client'

import type { OpenSession } from '@flux/api-client'
import { Badge, Button, Card } from '@flux/ui'
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'

import { useSession } from '@/features/auth/session'
import { leaveForLogin } from '@/lib/api'
import { ErrorAlert } from '@/lib/error-alert'
import { useMessages } from '@/lib/language'
import { Paged } from '@/lib/paged'

import { endAllSessions, endSession, sessionsQuery } from './api'

/** Where one is logged in, each of which can be ended. */
export function Sessions() {
  const m = useMessages().settings
  const query = useInfiniteQuery(sessionsQuery)
  const sessions = query.data?.pages.flatMap(({ items }) => items)
  const endAll = useMutation({
    mutationFn: endAllSessions,
    onSuccess: () => {
      leaveForLogin()
    },
  })
  return (
    <Card title={m.sessions} description={m.sessionsAbout}>
      <Paged query={query} hasSome={sessions !== undefined} errorTitle={m.sessionsError} moreLabel={m.more}>
        <ul className="divide-y divide-line">
          {sessions?.map((session) => (
            <li key={session.id} className="py-4 first:pt-0">
              <SessionRow session={session} />
            </li>
          ))}
        </ul>
      </Paged>
      {endAll.error && <ErrorAlert error={endAll.error} />}
      <Button
        look="secondary"
        isLoading={endAll.isPending}
        onClick={() => {
          endAll.mutate()
        }}
        className="mt-2"
      >
        {m.endAll}
      </Button>
    </Card>
  )
}

function SessionRow({ session }: { session: OpenSession }) {
  const m = useMessages().settings
  const { format } = useSession()
  const queryClient = useQueryClient()
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => endSession(session.id),
    onSettled: () => queryClient.invalidateQueries(sessionsQuery),
  })
  const name = session.device || m.unknownDevice
  return (
    <div className="space-y-3">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <div className="min-w-0 flex-1 basis-56">
          <p className="flex flex-wrap items-center gap-2 font-medium">
            <span className="min-w-0 wrap-anywhere">{name}</span>
            {session.is_current && <Badge tone="success">{m.thisDevice}</Badge>}
          </p>
          <p className="text-sm wrap-anywhere text-muted">
            {m.lastUsed(session.place, format.moment(session.last_used_at))}
          </p>
        </div>
        {!session.is_current && (
          <Button
            look="secondary"
            isLoading={isPending}
            onClick={() => {
              mutate()
            }}
          >
            {m.end}
            <span className="sr-only">{name}</span>
          </Button>
        )}
      </div>
      {error && <ErrorAlert error={error} />}
    </div>
  )
}
