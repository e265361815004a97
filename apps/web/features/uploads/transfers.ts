import { ApiProblem, type UploadTicket } from '@flux/api-client'

import type { Messages } from '@/lib/messages/en'

import { announceUpload, cancelUpload, completeUpload } from './api'
import { createPace } from './pace'
import { putFile, TransferInterrupted, type SentPart } from './put-file'

/** Refused before anything was sent. */
export class EmptyFile extends Error {
  override readonly name = 'EmptyFile'
}

type FileFacts = Pick<File, 'name' | 'size' | 'lastModified'>

/** What is written down of a transfer, so that it can go on after a reload: all but the file, which a page forgets. */
type Note = { facts: FileFacts; ticket: UploadTicket; sent: SentPart[] }

export type Transfer = {
  key: number
  facts: FileFacts
  /** `left`: the page was left while it was sent, and its file has to be chosen again. */
  state: 'waiting' | 'sending' | 'failed' | 'left'
  sentBytes: number
  secondsLeft: number | null
  error: Error | null
}

type Own = Transfer & {
  file: File | null
  ticket: UploadTicket | null
  sent: SentPart[]
  stopping: AbortController | null
}

const notesKey = 'flux-transfers'
const atOnce = 2

export type Transfers = ReturnType<typeof createTransfers>

/**
 * The files of this tab that are on their way to the store, two at a time. `onSent` is called with the upload of each
 * that is there, which is then the server's to tell of.
 */
export function createTransfers({ onSent }: { onSent: (uploadId: string) => void }) {
  let all: Own[] = readNotes()
  let shown: Transfer[] = all
  let nextKey = all.length
  const watchers = new Set<() => void>()

  function change(key: number, what: Partial<Own>) {
    all = all.map((each) => (each.key === key ? { ...each, ...what } : each))
    tell()
  }

  function remove(key: number) {
    all = all.filter((each) => each.key !== key)
    tell()
    writeNotes(all)
  }

  function tell() {
    shown = all
    watchers.forEach((watcher) => {
      watcher()
    })
  }

  function goOn() {
    const free = atOnce - all.filter(({ state }) => state === 'sending').length
    all
      .filter(({ state }) => state === 'waiting')
      .slice(0, free)
      .forEach((each) => void send(each))
  }

  async function send({ key, file, ticket: kept, sent }: Own) {
    if (!file) return
    const stopping = new AbortController()
    const pace = createPace()
    change(key, { state: 'sending', stopping, error: null, secondsLeft: null })
    try {
      if (file.size === 0) throw new EmptyFile(file.name)
      const ticket = kept && Date.parse(kept.expires_at) > Date.now() ? kept : await announceUpload(file)
      const parts = ticket === kept ? [...sent] : []
      change(key, { ticket, sent: parts })
      writeNotes(all)
      stopping.signal.throwIfAborted()
      await putFile({
        ticket,
        file,
        sent: parts,
        signal: stopping.signal,
        onProgress: (bytes) => {
          change(key, { sentBytes: bytes, secondsLeft: pace(bytes, file.size) })
        },
        onPart: (part) => {
          parts.push(part)
          change(key, { sent: [...parts] })
          writeNotes(all)
        },
      }).catch((error: unknown) => {
        // An earlier try got through, and only its answer was lost.
        if (!(error instanceof ApiProblem && [409, 412].includes(error.status) && ticket === kept))
          throw error
      })
      if (parts.length > 0)
        await completeUpload(
          ticket.id,
          parts.sort((a, b) => a.number - b.number),
        )
      remove(key)
      onSent(ticket.id)
    } catch (error) {
      const isStopped = error instanceof DOMException && error.name === 'AbortError'
      // What the store refuses is refused again: the next try begins anew.
      const isFinal = error instanceof ApiProblem && error.status < 500
      if (!isStopped)
        change(key, {
          state: 'failed',
          error: error as Error,
          ...(isFinal && { ticket: null, sent: [], sentBytes: 0 }),
        })
    } finally {
      goOn()
    }
  }

  return {
    getAll: () => shown,
    subscribe: (watcher: () => void) => {
      watchers.add(watcher)
      return () => {
        watchers.delete(watcher)
      }
    },
    /** Sends the files; one that was on its way when the page was left goes on from where it was. */
    add: (files: File[]) => {
      for (const file of files) {
        const left = all.find(({ state, facts }) => state === 'left' && isSame(facts, file))
        if (left) change(left.key, { file, state: 'waiting' })
        else all = [...all, fresh(nextKey++, file)]
      }
      tell()
      goOn()
    },
    /** Tries a failed one again, from where it was if the store allows. */
    retry: (key: number) => {
      change(key, { state: 'waiting' })
      goOn()
    },
    /** As `retry`, for all whose connection broke. */
    retryInterrupted: () => {
      all
        .filter(({ state, error }) => state === 'failed' && error instanceof TransferInterrupted)
        .forEach(({ key }) => {
          change(key, { state: 'waiting' })
        })
      goOn()
    },
    /** Ends a transfer, and tells the server that nothing more comes. */
    stop: (key: number) => {
      const found = all.find((each) => each.key === key)
      remove(key)
      found?.stopping?.abort()
      // Should this not arrive, the server gives it up by itself after a day.
      if (found?.ticket) void cancelUpload(found.ticket.id).catch(() => undefined)
      goOn()
    },
  }
}

/** What a failed transfer means to the owner, where it is more than the error's own words. */
export function describeSendError(error: Error, { upload: m }: Messages): string | undefined {
  if (error instanceof EmptyFile) return m.emptyFile
  if (error instanceof TransferInterrupted) return m.interrupted
  if (error instanceof ApiProblem && error.code === 'unknown' && error.status < 500) return m.refused
  return undefined
}

const factsOf = ({ name, size, lastModified }: FileFacts): FileFacts => ({ name, size, lastModified })

function isSame(a: FileFacts, b: FileFacts): boolean {
  return a.name === b.name && a.size === b.size && a.lastModified === b.lastModified
}

function fresh(key: number, file: File): Own {
  return {
    key,
    facts: factsOf(file),
    state: 'waiting',
    sentBytes: 0,
    secondsLeft: null,
    error: null,
    file,
    ticket: null,
    sent: [],
    stopping: null,
  }
}

function writeNotes(all: Own[]): void {
  const notes = all.flatMap(({ facts, ticket, sent }): Note[] => (ticket ? [{ facts, ticket, sent }] : []))
  try {
    sessionStorage.setItem(notesKey, JSON.stringify(notes))
  } catch {
    // Then a reload forgets it, and the file is sent from its beginning.
  }
}

function readNotes(): Own[] {
  try {
    const notes = JSON.parse(sessionStorage.getItem(notesKey) ?? '[]') as Note[]
    return notes
      .filter(({ ticket }) => Date.parse(ticket.expires_at) > Date.now())
      .map(({ facts, ticket, sent }, key) => ({
        key,
        facts,
        state: 'left' as const,
        sentBytes: ticket.parts
          .filter(({ number }) => sent.some((part) => part.number === number))
          .reduce((sum, { size_bytes }) => sum + size_bytes, 0),
        secondsLeft: null,
        error: null,
        file: null,
        ticket,
        sent,
        stopping: null,
      }))
  } catch {
    return []
  }
}
