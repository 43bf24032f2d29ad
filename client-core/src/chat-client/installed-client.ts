import type { ChatApi } from '../api/chat-api.ts'
import { graphqlApi } from '../api/graphql-api.ts'
import { closedError, notSignedInError } from '../errors.ts'
import type { StorageLock } from '../storage/storage.ts'
import { Access, type Opened, type SignInResult } from '../sync/access.ts'
import { usernameOf } from '../sync/addressing.ts'
import type { ChatEvents } from '../sync/chat-events.ts'
import { type Clock, systemClock, systemRandom } from '../sync/clock.ts'
import { Emitter } from '../sync/emitter.ts'
import { MessageStream } from '../sync/message-stream.ts'
import { ServerList } from '../sync/server-list.ts'
import { Session } from '../sync/session.ts'
import type { ChatClientOptions, SignUpOptions } from './chat-client-options.ts'

/** The lifetime behind a `ChatClient`: who is signed in, from opening the storage to giving it free. */
export class InstalledClient {
  readonly api: ChatApi
  readonly clock: Clock
  readonly servers: ServerList
  /** What a person has to be told is not lost while a face is still drawing itself. */
  readonly events = new Emitter<ChatEvents>({ kept: ['missed', 'key-changed', 'group-alarm'] })
  readonly stream = new MessageStream()
  readonly #options: ChatClientOptions
  readonly #lock: StorageLock
  readonly #access: Access
  readonly #whenClosed = Promise.withResolvers<never>()
  #opened: Opened | undefined
  #session: Session | undefined
  #isClosed = false

  constructor(options: ChatClientOptions, lock: StorageLock) {
    this.#options = options
    this.#lock = lock
    this.api = options.api ?? graphqlApi
    this.clock = options.clock ?? systemClock
    this.servers = new ServerList(this.api, options.url)
    this.#access = new Access({
      api: this.api,
      servers: this.servers,
      storage: options.storage,
      keys: options.keys,
    })
    this.#whenClosed.promise.catch(() => undefined)
    this.events.on('message', (message) => this.stream.push(message))
  }

  /** Absent while nobody is signed in. */
  get session(): Session | undefined {
    return this.#session
  }

  /** Rejects when the client closes. */
  get whenClosed(): Promise<never> {
    return this.#whenClosed.promise
  }

  mustBeSignedIn(): Session {
    this.mustBeOpen()
    if (this.#session === undefined) throw notSignedInError()
    return this.#session
  }

  /** What the session was started with. */
  mustBeOpened(): Opened {
    this.mustBeSignedIn()
    if (this.#opened === undefined) throw notSignedInError()
    return this.#opened
  }

  mustBeOpen(): void {
    if (this.#isClosed) throw closedError()
  }

  async signUp(options: SignUpOptions): Promise<void> {
    await this.#start(await this.#access.signUp(this.#credentials(options)))
  }

  async signIn(options: SignUpOptions): Promise<SignInResult> {
    const before = this.#opened?.record.token
    const result = await this.#access.signIn(this.#credentials(options))
    if ('kind' in result) return result
    await this.#start(result)
    if (before !== undefined) this.#end(before)
    return { kind: 'signed-in' }
  }

  async resume(): Promise<boolean> {
    this.mustBeOpen()
    if (this.#session !== undefined) return true
    const opened = await this.#access.resume()
    if (opened === undefined) return false
    await this.#start(opened)
    return true
  }

  async signOut(forget: boolean): Promise<void> {
    this.mustBeOpen()
    const opened = this.#opened
    if (opened !== undefined) {
      await this.#session?.leave()
      this.#session = undefined
      this.#opened = undefined
      const url = this.servers.known[0]?.url ?? this.#options.url
      await this.#access.signOut(opened, this.api.http(url, opened.record.token))
    }
    if (forget) await this.#access.forget()
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    await this.#session?.leave()
    this.#session = undefined
    this.stream.end()
    this.#whenClosed.reject(closedError())
    // The lock last: the next client must not read before this one has written all it began.
    await this.#access.close()
    await this.#lock.release()
  }

  async #start(opened: Opened): Promise<void> {
    this.mustBeOpen()
    const { record, keys, store } = opened
    const { username: user, deviceId } = record
    this.#session?.close()
    this.#opened = opened
    this.#session = new Session(
      {
        api: this.api,
        clock: this.clock,
        random: this.#options.random ?? systemRandom,
        store,
        servers: this.servers,
        events: this.events,
        me: { user, deviceId, keys: keys.device },
      },
      record,
    )
    await this.#session.start()
  }

  /** One device, one session. Without a network the one before ends at its time. */
  #end(token: string): void {
    const url = this.servers.known[0]?.url ?? this.#options.url
    this.api
      .http(url, token)
      .signOut()
      .catch(() => undefined)
  }

  #credentials({ username, password, deviceName = 'FastChat' }: SignUpOptions) {
    this.mustBeOpen()
    return { username: usernameOf(username), password, deviceName }
  }
}
