import { type ChatClient, ChatError } from '@fastchat/client-core'
import { type CallName, type Calls, callOn, callsThrough } from './calls.ts'
import { placeName } from './demo-run.ts'
import { openClient } from './open-client.ts'
import { fromWireError, type Status, type TabEvents, toWireError, type Wire } from './wire.ts'

type Listener = (event: never) => void

const starting: Status = { phase: 'starting', connection: { kind: 'idle' } }

/**
 * One client for all tabs: the tab that holds the lock runs it, the others ask that one and hear
 * what it hears. When its tab closes, the next in line opens the client and goes on.
 */
export class SharedClient {
  readonly calls: Calls = callsThrough((name, args) => this.#ask(name, args))
  readonly #channel = new BroadcastChannel(placeName())
  readonly #listeners = new Map<string, Set<Listener>>()
  readonly #statusListeners = new Set<(status: Status) => void>()
  readonly #asked = new Map<string, PromiseWithResolvers<unknown>>()
  readonly #onBroken: (error: unknown) => void
  readonly #id = crypto.randomUUID()
  #writer: string | undefined
  #client: ChatClient | undefined
  #status: Status = starting
  #clockOffsetMs = 0

  constructor(onBroken: (error: unknown) => void) {
    this.#onBroken = onBroken
    this.#channel.onmessage = ({ data }: MessageEvent<Wire>) => this.#hear(data)
    this.#post({ kind: 'hello' })
    navigator.locks.request(`${placeName()}/writer`, () => this.#beWriter()).catch(onBroken)
  }

  get status(): Status {
    return this.#status
  }

  /** True in the tab that runs the client. */
  get isWriter(): boolean {
    return this.#client !== undefined
  }

  /** The servers' time, on which messages expire. */
  get serverNowMs(): number {
    return this.#client?.serverNowMs ?? Date.now() + this.#clockOffsetMs
  }

  on<Name extends keyof TabEvents>(
    name: Name,
    listener: (event: TabEvents[Name]) => void,
  ): () => void {
    const listeners = this.#listeners.get(name) ?? new Set()
    this.#listeners.set(name, listeners.add(listener))
    return () => listeners.delete(listener)
  }

  onStatus(listener: (status: Status) => void): () => void {
    this.#statusListeners.add(listener)
    return () => this.#statusListeners.delete(listener)
  }

  /** Tells every tab, this one among them. */
  emit<Name extends keyof TabEvents>(name: Name, event: TabEvents[Name]): void {
    this.#post({ kind: 'event', name, event, serverNowMs: this.serverNowMs })
    this.#tell(name, event)
  }

  /** Never resolves while this tab lives: the lock is held for as long. */
  async #beWriter(): Promise<never> {
    const client = await openClient()
    for (const name of clientEvents) client.on(name, (event) => this.emit(name, event))
    client.on('connection', () => this.#publish())
    // What cannot go on as who it was is signed out, and a sign-in mends it.
    await client.resume().catch(this.#onBroken)
    this.#client = client
    this.#publish()
    return new Promise(() => undefined)
  }

  #publish(): void {
    const client = this.#client
    if (client === undefined) return
    const { username, deviceId, connection } = client
    this.#meetWriter(this.#id)
    this.#setStatus({
      phase: username === undefined ? 'signed-out' : 'signed-in',
      connection,
      ...(username !== undefined && { username }),
      ...(deviceId !== undefined && { deviceId }),
    })
    const { serverNowMs } = client
    this.#post({ kind: 'status', writer: this.#id, status: this.#status, serverNowMs })
  }

  /** Whoever waits for an answer of a tab that closed will not get one. */
  #meetWriter(id: string): void {
    if (this.#writer === id) return
    this.#writer = id
    for (const waiting of this.#asked.values()) waiting.reject(writerGone())
    this.#asked.clear()
  }

  #setStatus(status: Status): void {
    this.#status = status
    for (const listener of this.#statusListeners) listener(status)
  }

  #ask(name: CallName, args: readonly unknown[]): Promise<unknown> {
    if (this.#client !== undefined) return this.#answer(this.#client, name, args)
    const id = crypto.randomUUID()
    const asked = Promise.withResolvers<unknown>()
    this.#asked.set(id, asked)
    this.#post({ kind: 'call', id, name, args })
    return asked.promise
  }

  async #answer(client: ChatClient, name: CallName, args: readonly unknown[]): Promise<unknown> {
    try {
      return await callOn(client, name, args)
    } finally {
      if (changesWhoIsIn.has(name)) this.#publish()
    }
  }

  #hear(wire: Wire): void {
    switch (wire.kind) {
      case 'hello':
        this.#publish()
        return
      case 'status':
        this.#meetWriter(wire.writer)
        this.#clockOffsetMs = wire.serverNowMs - Date.now()
        this.#setStatus(wire.status)
        return
      case 'event':
        this.#clockOffsetMs = wire.serverNowMs - Date.now()
        this.#tell(wire.name, wire.event)
        return
      case 'call':
        this.#serve(wire)
        return
      case 'answer':
        this.#asked.get(wire.id)?.resolve(wire.value)
        this.#asked.delete(wire.id)
        return
      case 'refusal':
        this.#asked.get(wire.id)?.reject(fromWireError(wire.error))
        this.#asked.delete(wire.id)
        return
    }
  }

  #serve({ id, name, args }: Wire & { kind: 'call' }): void {
    if (this.#client === undefined) return
    this.#answer(this.#client, name, args).then(
      (value) => this.#post({ kind: 'answer', id, value }),
      (error: unknown) => this.#post({ kind: 'refusal', id, error: toWireError(error) }),
    )
  }

  #tell(name: string, event: unknown): void {
    for (const listener of this.#listeners.get(name) ?? []) listener(event as never)
  }

  #post(wire: Wire): void {
    this.#channel.postMessage(wire)
  }
}

const clientEvents = [
  'message',
  'delivery',
  'transfer',
  'file',
  'group',
  'group-alarm',
  'key-changed',
  'missed',
  'devices-changed',
] as const
const changesWhoIsIn: ReadonlySet<CallName> = new Set(['signUp', 'signIn', 'signOut'])

function writerGone(): ChatError {
  return new ChatError('CLOSED', 'The window that did the work was closed. Try again in this one.')
}
