import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocket, WebSocketServer } from 'ws'
import { errorFields, type Log } from '../observability/log.ts'
import type { Bus, Note, NoteListener } from './bus.ts'
import { encodeMessage, framesOf, messagesIn } from './message-frame.ts'
import { decodeNote, encodeNote } from './note-codec.ts'

export interface MeshPeer {
  readonly id: number
  readonly url: string
}

export interface MeshBusOptions {
  readonly serverId: number
  /** Shared by the servers of one service: who does not know it is not one of them. */
  readonly secret: Uint8Array
  readonly log: Log
  /** The servers there are now. */
  listPeers(): Promise<readonly MeshPeer[]>
}

export interface MeshBus extends Bus {
  /** Takes the link of another server. False when the request is not for the bus. */
  handleUpgrade(request: IncomingMessage, wire: Duplex, head: Buffer): boolean
}

interface Link {
  /** Notes as text. The same doorbell twice in a turn is one doorbell. */
  readonly pending: Set<string>
  /** Messages as bytes: nearly all that servers tell each other, and text would be a third more. */
  messages: Buffer[]
  pendingBytes: number
  socket: WebSocket | null
  scheduled: boolean
}

export const meshPath = '/bus'
/** Kept while a link is being made. More are dropped: they are hints, and everybody looks once a second anyway. */
const maxPending = 20_000
const maxPendingBytes = 16 * 1024 * 1024
const maxPayloadBytes = 4 * 1024 * 1024
/** A note is a tenth of what a frame may hold, at most: a message of the largest size to the largest group. */
const frameBytes = 1024 * 1024
const retryAfterMs = 250
/** How far the clocks of two hosts may be apart. */
const passValidMs = 5 * 60_000

/**
 * A socket from each server to each other one, over the addresses in the registry. A note costs one write, and what one
 * turn of the event loop produces leaves together; PostgreSQL does not hear of it.
 */
export function createMeshBus({ serverId, secret, log, listPeers }: MeshBusOptions): MeshBus {
  const listeners = new Set<NoteListener>()
  const links = new Map<number, Link>()
  const callAgainAt = new Map<number, number>()
  const incoming = new Set<WebSocket>()
  const usedPasses = new Map<string, number>()
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: maxPayloadBytes,
    perMessageDeflate: false,
  })
  let closed = false

  function emit(note: Note): void {
    for (const listener of listeners) listener(note)
  }

  function hear(socket: WebSocket): void {
    incoming.add(socket)
    socket.on('close', () => incoming.delete(socket))
    socket.on('error', () => socket.terminate())
    socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) for (const message of messagesIn(data)) emit({ kind: 'message', message })
      else
        for (const text of data.toString().split(' ')) {
          const note = decodeNote(text)
          if (note !== null) emit(note)
        }
    })
  }

  /** A pass that was read off the wire opens no second link. */
  function isFirstUse(pass: string): boolean {
    const now = Date.now()
    for (const [old, validUntil] of usedPasses) if (validUntil < now) usedPasses.delete(old)
    if (usedPasses.has(pass)) return false
    usedPasses.set(pass, now + 2 * passValidMs)
    return true
  }

  function linkTo(id: number): Link {
    const known = links.get(id)
    if (known !== undefined) return known
    const link: Link = {
      ...{ pending: new Set<string>(), messages: [], pendingBytes: 0 },
      ...{ socket: null, scheduled: false },
    }
    links.set(id, link)
    void connect(id, link)
    return link
  }

  async function connect(id: number, link: Link): Promise<void> {
    try {
      const waitMs = (callAgainAt.get(id) ?? 0) - performance.now()
      if (waitMs > 0) await sleep(waitMs, undefined, { ref: false })
      const peer = (await listPeers()).find((one) => one.id === id)
      if (peer === undefined || closed) return lose(id, link)
      const socket = new WebSocket(`${peer.url.replace(/^http/, 'ws')}${meshPath}`, {
        headers: { authorization: `Bearer ${passFor(secret, id, Date.now(), randomUUID())}` },
        handshakeTimeout: 2000,
        perMessageDeflate: false,
        // A mask keeps a browser's script from writing what a proxy takes for a request. No script speaks here.
        generateMask: (mask) => mask.fill(0),
      })
      socket.on('open', () => {
        link.socket = socket
        schedule(link)
      })
      socket.on('error', () => socket.terminate())
      socket.on('close', () => lose(id, link))
    } catch (error) {
      log.warn('bus-peers-unknown', errorFields(error))
      lose(id, link)
    }
  }

  /** What was waiting is lost with the link. The next note makes a new one, but a dead server is not called all the time. */
  function lose(id: number, link: Link): void {
    link.socket = null
    forget(link)
    if (links.get(id) === link) links.delete(id)
    callAgainAt.set(id, performance.now() + retryAfterMs)
  }

  function schedule(link: Link): void {
    if (link.scheduled || link.socket === null || link.pendingBytes === 0) return
    link.scheduled = true
    setImmediate(() => {
      link.scheduled = false
      if (link.socket?.readyState === WebSocket.OPEN) {
        for (const frame of framesOf(link.messages, frameBytes)) link.socket.send(frame)
        for (const frame of textsOf(link.pending)) link.socket.send(frame)
      }
      forget(link)
    })
  }

  function enqueue(id: number, note: Note): void {
    if (closed) return
    const link = linkTo(id)
    if (link.pending.size + link.messages.length >= maxPending) return
    if (link.pendingBytes >= maxPendingBytes) return
    if (note.kind === 'message') {
      const bytes = encodeMessage(note.message)
      link.messages.push(bytes)
      link.pendingBytes += bytes.length
    } else {
      const text = encodeNote(note)
      link.pending.add(text)
      link.pendingBytes += text.length
    }
    schedule(link)
  }

  return {
    handleUpgrade(request, wire, head) {
      if (request.url !== meshPath) return false
      wire.on('error', () => wire.destroy())
      const pass = request.headers.authorization?.replace(/^Bearer /, '') ?? ''
      if (closed || !isPass(secret, serverId, pass) || !isFirstUse(pass)) {
        wire.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
        return true
      }
      server.handleUpgrade(request, wire, head, hear)
      return true
    },
    send(to, note) {
      if (to === serverId) queueMicrotask(() => emit(note))
      else enqueue(to, note)
    },
    broadcast(note) {
      queueMicrotask(() => emit(note))
      listPeers().then(
        (peers) => {
          for (const { id } of peers) if (id !== serverId) enqueue(id, note)
        },
        (error: unknown) => log.warn('bus-peers-unknown', errorFields(error)),
      )
    },
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    state: () => (closed ? 'down' : 'up'),
    async close() {
      closed = true
      listeners.clear()
      for (const { socket } of links.values()) socket?.terminate()
      for (const socket of incoming) socket.terminate()
      server.close()
    },
  }
}

function forget(link: Link): void {
  link.pending.clear()
  link.messages = []
  link.pendingBytes = 0
}

/** Notes together, as many as go into a frame: one that is too large would cost the link and all that is on it. */
function textsOf(notes: Iterable<string>): string[] {
  const frames: string[] = []
  let frame: string[] = []
  let chars = 0
  for (const note of notes) {
    if (chars + note.length > frameBytes && frame.length > 0) {
      frames.push(frame.join(' '))
      frame = []
      chars = 0
    }
    frame.push(note)
    chars += note.length + 1
  }
  if (frame.length > 0) frames.push(frame.join(' '))
  return frames
}

/** Good for one server, once, and for some minutes. */
function passFor(secret: Uint8Array, to: number, at: number, nonce: string): string {
  const said = `${at}.${nonce}`
  const mac = createHmac('sha256', secret).update(`fastchat/bus/v1/${to}/${said}`)
  return `${said}.${mac.digest('base64url')}`
}

function isPass(secret: Uint8Array, to: number, pass: string): boolean {
  const [at = '', nonce = ''] = pass.split('.', 2)
  if (!(Math.abs(Date.now() - Number(at)) < passValidMs)) return false
  const [given, expected] = [Buffer.from(pass), Buffer.from(passFor(secret, to, Number(at), nonce))]
  return given.length === expected.length && timingSafeEqual(given, expected)
}
