import { ChatError, type FileOf, type FileToSend, type TextMessage } from '@fastchat/client-core'
import type {
  ChatClient,
  ChatEvents,
  ConnectionState,
  FileMessage,
  Message,
  Person,
} from '../client.ts'
import { FakeGroups } from './fake-groups.ts'

const person = (username: string): Person => ({
  username,
  isOnline: true,
  isVerified: false,
  hasNewKey: false,
  devices: [{ id: 'd1', name: 'laptop' }],
})

/** A client without a server: it knows bob and carol, and remembers what it was asked to do. */
export class FakeClient implements ChatClient {
  readonly username = 'alice'
  readonly calls: string[] = []
  readonly groups = new FakeGroups(this.calls)
  people = new Map([
    ['bob', person('bob')],
    ['carol', person('carol')],
  ])
  past: readonly Message[] = []
  /** Files that are here, by the id of their message. */
  readonly stored = new Map<string, Uint8Array>()
  connection: ConnectionState = liveOn('3')
  serverNowMs = new Date(2026, 10, 22, 18, 0).getTime()
  readonly #listeners = new Map<string, Set<(event: never) => void>>()
  readonly #sent = new Map<string, { readonly to: string; readonly text: string }>()

  on<Name extends keyof ChatEvents>(name: Name, listener: (event: ChatEvents[Name]) => void) {
    const listeners = this.#listeners.get(name) ?? new Set()
    this.#listeners.set(name, listeners.add(listener))
    return () => {
      listeners.delete(listener)
    }
  }

  emit<Name extends keyof ChatEvents>(name: Name, event: ChatEvents[Name]): void {
    for (const listener of this.#listeners.get(name) ?? []) listener(event as never)
  }

  /** Resolves once somebody listens to such events. */
  async heardBy(name: keyof ChatEvents): Promise<void> {
    while ((this.#listeners.get(name)?.size ?? 0) === 0) {
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  goTo(state: ConnectionState): void {
    this.connection = state
    this.emit('connection', state)
  }

  async send(to: string, { text }: { readonly text: string }): Promise<Message> {
    this.calls.push(`send ${to}: ${text}`)
    return this.#sending(to, text)
  }

  async sendAgain(id: string): Promise<Message> {
    this.calls.push(`again ${id}`)
    const { to = 'bob', text = '' } = this.#sent.get(id) ?? {}
    return this.#sending(to, text)
  }

  #sending(to: string, text: string): Message {
    const id = `m${this.#sent.size + 1}`
    this.#sent.set(id, { to, text })
    return messageOf({ id, peer: to, isMine: true, text, state: { kind: 'sending' } })
  }

  async sendFile(to: string, file: FileToSend): Promise<Message> {
    this.calls.push(`file ${to}: ${file.name} ${file.type}`)
    return fileOf({ peer: to, isMine: true, state: { kind: 'queued' } }, file)
  }

  async readFile(which: FileOf) {
    const bytes = this.stored.get(typeof which === 'string' ? which : which.id)
    if (bytes === undefined) throw new ChatError('NOT_FOUND', 'The file is not here yet.')
    return bytes
  }

  async lookUp(name: string) {
    return this.people.get(name.toLowerCase()) ?? null
  }

  async search(prefix: string) {
    this.calls.push(`search ${prefix}`)
    return [...this.people.keys()].filter((username) => username.startsWith(prefix))
  }

  async safetyNumber() {
    const digits = Array.from({ length: 12 }, (_, index) => String(10_000 + index)).join(' ')
    return { digits, qr: new Uint8Array(), expectedQr: new Uint8Array() }
  }

  async apiAccess() {
    return { url: 'http://127.0.0.1:7681', token: 'a-token', attachmentId: 'an-attachment' }
  }

  async connected() {}

  async verify(name: string) {
    this.calls.push(`verify ${name}`)
  }

  async acceptKey(name: string) {
    this.calls.push(`accept ${name}`)
  }

  async devices() {
    return [
      { id: 'aaa1', name: 'laptop', isThisOne: true },
      { id: 'aab2', name: 'phone', isThisOne: false },
      { id: 'bbb3', name: 'old phone', isThisOne: false },
    ]
  }

  async revokeDevice(id: string) {
    this.calls.push(`revoke ${id}`)
    return { kind: 'signed-in' as const }
  }

  async servers() {
    return [
      { ...server('4'), state: 'DOWN' as const, rank: null, pingMs: null, sockets: 0 },
      { ...server('1'), state: 'UP' as const, rank: 2, pingMs: 180.4, sockets: 412 },
      { ...server('2'), state: 'UP' as const, rank: 1, pingMs: 3.21, sockets: 1 },
    ]
  }

  async conversations() {
    return [
      { id: 'c', peer: 'carol', lastAtMs: new Date(2026, 10, 22, 18, 0).getTime() },
      { id: 'u', lastAtMs: new Date(2026, 10, 22, 17, 59).getTime() },
      { id: 'b', peer: 'bob', lastAtMs: new Date(2026, 10, 22, 17, 58).getTime() },
    ]
  }

  async history(name: string, { limit = 50 }: { readonly limit?: number } = {}) {
    const messages = this.past.filter((message) => 'peer' in message && message.peer === name)
    return messages.slice(-limit)
  }
}

export function liveOn(id: string): ConnectionState {
  return { kind: 'live', attempt: 0, server: server(id), sinceMs: 0 }
}

export function waiting(): ConnectionState {
  return { kind: 'waiting', attempt: 2, avoid: '', delayMs: 100 }
}

function server(id: string) {
  return { id, url: `http://127.0.0.1:768${id}`, score: null }
}

export function messageOf(given: Partial<TextMessage>): TextMessage {
  const isMine = given.isMine ?? false
  return {
    kind: 'text',
    id: 'm0',
    conversation: 'direct:alice:bob',
    position: '1',
    peer: 'bob',
    from: isMine ? 'alice' : (given.peer ?? 'bob'),
    isMine,
    isMissingBefore: false,
    isLate: false,
    text: 'hello',
    sentAtMs: new Date(2026, 10, 22, 18, 0).getTime(),
    ...given,
  }
}

export function fileOf(
  given: Partial<FileMessage>,
  { data, name, type, caption }: FileToSend,
): FileMessage {
  const { kind: _kind, text: _text, ...facts } = messageOf({})
  return {
    ...facts,
    kind: 'file',
    file: {
      id: 'f0',
      name,
      type,
      size: data.length,
      state: 'ready',
      ...(caption !== undefined && { caption }),
    },
    ...given,
  }
}
