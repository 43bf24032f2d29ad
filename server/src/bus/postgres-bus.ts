import type { Log } from '../observability/log.ts'
import type { Bus, Note, NoteListener } from './bus.ts'
import { createBusConnection } from './bus-connection.ts'
import { decodeNote, encodeNote } from './note-codec.ts'

export interface PostgresBusOptions {
  readonly serverId: number
  readonly url: string
  readonly log: Log
}

/** A busy server rings this seldom: NOTIFY takes a lock that every commit with a NOTIFY waits for. */
const flushEveryMs = 10
/** PostgreSQL refuses 8,000 bytes; the sender's number goes in front. */
const maxPayloadBytes = 7900
/** Kept while the connection is away. More are dropped: they are hints, and everybody looks once a second anyway. */
const maxPending = 20_000

const everybody = 'fastchat_all'

/**
 * LISTEN and NOTIFY on a connection of their own. Never inside a send transaction: that made sending 8.4 times slower.
 * Notes that pile up while one batch is on its way leave together as the next.
 */
export function createPostgresBus({ serverId, url, log }: PostgresBusOptions): Bus {
  const listeners = new Set<NoteListener>()
  const pending = new Map<string, Set<string>>()
  let pendingCount = 0
  let scheduled = false
  let flushedAt = -Infinity

  const connection = createBusConnection({
    name: `fastchat-bus-${serverId}`,
    url,
    log,
    channels: [channelOf(serverId), everybody],
    onPayload: receive,
    onUp: () => schedule(),
  })

  function receive(payload: string): void {
    const [sender, ...notes] = payload.split(' ')
    // Our own broadcasts were delivered here when they were made.
    if (sender === String(serverId)) return
    for (const text of notes) {
      const note = decodeNote(text)
      if (note !== null) emit(note)
    }
  }

  function emit(note: Note): void {
    for (const listener of listeners) listener(note)
  }

  function enqueue(channel: string, note: Note): void {
    if (pendingCount >= maxPending) return
    // A message may be larger than a payload; its readers look for themselves.
    if (note.kind === 'message')
      for (const { deviceId } of note.message.copies)
        enqueue(channel, { kind: 'mailbox', deviceId })
    else enqueueText(channel, encodeNote(note))
  }

  function enqueueText(channel: string, text: string): void {
    const notes = pending.get(channel)
    if (notes === undefined) pending.set(channel, new Set([text]))
    // The same doorbell twice in a batch is one doorbell.
    else if (notes.has(text)) return
    else notes.add(text)
    pendingCount += 1
    schedule()
  }

  function schedule(): void {
    if (scheduled || pendingCount === 0 || !connection.isUp()) return
    scheduled = true
    const waitMs = flushedAt + flushEveryMs - performance.now()
    // Not this instant even when idle: what else this turn of the event loop produces goes along.
    if (waitMs <= 0) setImmediate(flush)
    else setTimeout(flush, waitMs)
  }

  function flush(): void {
    const batch = pack(pending, serverId)
    pending.clear()
    pendingCount = 0
    flushedAt = performance.now()
    void connection.notify(batch.channels, batch.payloads).finally(() => {
      scheduled = false
      schedule()
    })
  }

  return {
    send(to, note) {
      if (to === serverId) queueMicrotask(() => emit(note))
      else enqueue(channelOf(to), note)
    },
    broadcast(note) {
      queueMicrotask(() => emit(note))
      enqueue(everybody, note)
    },
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    state: () => (connection.isUp() ? 'up' : 'down'),
    async close() {
      listeners.clear()
      await connection.close()
    },
  }
}

function channelOf(serverId: number): string {
  return `fastchat_${serverId}`
}

function pack(pending: ReadonlyMap<string, ReadonlySet<string>>, serverId: number) {
  const channels: string[] = []
  const payloads: string[] = []
  for (const [channel, notes] of pending) {
    let payload = String(serverId)
    const put = () => {
      channels.push(channel)
      payloads.push(payload)
    }
    for (const note of notes) {
      if (payload.length + 1 + note.length > maxPayloadBytes) {
        put()
        payload = String(serverId)
      }
      payload += ` ${note}`
    }
    put()
  }
  return { channels, payloads }
}
