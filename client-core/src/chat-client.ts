import type { RankedServer } from './api/chat-api.ts'
import type { ChatClientOptions, SignUpOptions } from './chat-client/chat-client-options.ts'
import { Groups } from './chat-client/groups.ts'
import { InstalledClient } from './chat-client/installed-client.ts'
import type { SafetyNumber } from './crypto/safety-number.ts'
import { ChatError } from './errors.ts'
import type { StorageLock } from './storage/storage.ts'
import type { SignInResult } from './sync/access.ts'
import { usernameOf } from './sync/addressing.ts'
import { type ApiAccess, apiAccess } from './sync/api-access.ts'
import type { ChatEvents } from './sync/chat-events.ts'
import type { ConnectionState } from './sync/connection-machine.ts'
import { deliveries, type MemberDelivery } from './sync/deliveries.ts'
import type { FileOf } from './sync/file-origins.ts'
import { conversations, history, type PageOfHistory } from './sync/history.ts'
import { LocalView } from './sync/local-view.ts'
import type { TextContent } from './sync/message-content.ts'
import type { ChatMessage, Conversation } from './sync/message-view.ts'
import { type OwnDevice, People, type Person } from './sync/people.ts'
import { readFile } from './sync/read-file.ts'
import { type FileToSend, sendFile } from './sync/send-file.ts'
import type { SendState } from './sync/send-state.ts'
import { sendAgain, sendText, settled } from './sync/sending.ts'
import type { Session } from './sync/session.ts'
import { whenLive } from './sync/when-live.ts'

/**
 * Opens a client on its storage. Nothing is sent until you sign up, sign in or resume.
 *
 * @example
 * const client = await openChatClient({
 *   url: 'http://127.0.0.1:7680',
 *   storage: memoryStorage(),
 *   keys: memoryKeyStore(),
 * })
 * await client.signUp({ username: 'alice', password: 'correct horse' })
 * await client.send('bob', { text: 'Hello Bob' })
 *
 * @throws ChatError `STORAGE_LOCKED` if another client has the storage open.
 */
export async function openChatClient(options: ChatClientOptions): Promise<ChatClient> {
  const lock = await options.storage.lock()
  if (lock === undefined) {
    throw new ChatError(
      'STORAGE_LOCKED',
      'FastChat is open already with this profile. Use that one, or close it first.',
    )
  }
  return new ChatClient(options, lock)
}

/** One installed client of one account. Made by `openChatClient`. */
export class ChatClient {
  readonly #installed: InstalledClient

  constructor(options: ChatClientOptions, lock: StorageLock) {
    this.#installed = new InstalledClient(options, lock)
  }

  /** Who is signed in; `undefined` if nobody is. */
  get username(): string | undefined {
    return this.#installed.session?.me.user
  }

  /** The id of this installed client, in the device list of the account. */
  get deviceId(): string | undefined {
    return this.#installed.session?.me.deviceId
  }

  /** How this client stands to its server now. Changes come as `connection` events. */
  get connection(): ConnectionState {
    return this.#installed.session?.connection.state ?? { kind: 'idle' }
  }

  /** The servers' time in milliseconds: `expiresAtMs` counts down on it. */
  get serverNowMs(): number {
    return (this.#installed.session?.serverClock ?? this.#installed.clock).nowMs()
  }

  /**
   * Makes an account with this client as its first device, and connects.
   *
   * @throws ChatError `NAME_TAKEN`, `BAD_USER_INPUT` (not a username), `CONFLICT` (the storage
   * belongs to another account), `RATE_LIMITED`, `NETWORK`.
   */
  async signUp(options: SignUpOptions): Promise<void> {
    await this.#installed.signUp(options)
  }

  /**
   * Signs in and connects. A client that is new to the account adds itself to its devices; one that
   * was signed in before goes on with its history.
   *
   * @returns `wrong-password` with the attempts that are left, or `too-many-attempts` with the time
   * to wait; neither throws.
   * @throws ChatError `CONFLICT` (the storage belongs to another account), `UNTRUSTED_ANSWER` (the
   * server gave keys that are not this account's), `NETWORK`.
   */
  async signIn(options: SignUpOptions): Promise<SignInResult> {
    return this.#installed.signIn(options)
  }

  /** Goes on as whoever was signed in here last. Returns `false`, does not throw, if nobody was. */
  async resume(): Promise<boolean> {
    return this.#installed.resume()
  }

  /**
   * Ends the session. History and keys stay, encrypted, for the next sign-in; with `forget` they
   * are deleted, and a later sign-in is a new device.
   */
  async signOut({ forget = false }: { readonly forget?: boolean } = {}): Promise<void> {
    await this.#installed.signOut(forget)
  }

  /** Tries at once instead of waiting, or again after it has stopped. */
  connect(): void {
    this.#mustBeSignedIn().connection.start()
  }

  /**
   * Resolves when a server is connected; waits for as long as none is.
   *
   * @throws ChatError when the connection stops: `UNAUTHENTICATED` (the session has ended),
   * `STALE_ATTACHMENT` (another client reads as this device), `STORAGE_DAMAGED`; or `CLOSED`.
   */
  async connected(): Promise<void> {
    await whenLive(this.#mustBeSignedIn(), this.#installed.events, this.#installed.whenClosed)
  }

  /**
   * Sends a text to a person, or to a group by its `conversation`. Resolves when it is on disk here: from then on it is sent as soon as
   * a server can be reached, also after a restart. How far it has come is told by `delivery` events.
   *
   * @throws ChatError `BAD_USER_INPUT`, `PAYLOAD_TOO_LARGE` (more than 32 KiB), `NOT_SIGNED_IN`;
   * of a group `NOT_FOUND`, `FORBIDDEN` (you are not in it), `UNTRUSTED_ANSWER` (see `group-alarm`).
   */
  async send(to: string, content: TextContent): Promise<ChatMessage> {
    return sendText(this.#mustBeSignedIn(), to, content)
  }

  /**
   * Sends a picture or a document. Like `send` it resolves when all of it is on disk here, encrypted;
   * how far it has come is told by `delivery` and `transfer` events.
   *
   * @remarks The bytes leave as they are. A face encodes pictures anew first, so that they do not
   * say where they were taken.
   * @throws ChatError `BAD_USER_INPUT`, `PAYLOAD_TOO_LARGE` (more than `maxFileBytes`),
   * `NOT_SIGNED_IN`.
   */
  async sendFile(to: string, file: FileToSend): Promise<ChatMessage> {
    return sendFile(this.#mustBeSignedIn(), to, file)
  }

  /**
   * The bytes of a file, from this device. They are what the sender sealed; what the sender says of
   * them, such as their type, may still be wrong.
   *
   * @param which The id of the message, or the message itself.
   * @throws ChatError `NOT_FOUND` if it has not come yet, expired before it could be fetched, or was
   * damaged; `CONFLICT` if two people used one id: then give the message itself.
   */
  async readFile(which: FileOf): Promise<Uint8Array> {
    return readFile(this.#mustBeSignedIn(), which)
  }

  /**
   * Sends an expired or failed message once more. It becomes a new message, with a new id and at
   * the end of the conversation; the old one disappears.
   *
   * @throws ChatError `NOT_FOUND`, or `CONFLICT` if it may still arrive.
   */
  async sendAgain(id: string): Promise<ChatMessage> {
    return sendAgain(this.#mustBeSignedIn(), id)
  }

  /**
   * Resolves with the final state of a message that this device sent: delivered, partly delivered,
   * expired, failed or unknown. A message that is held for a changed key waits with it.
   *
   * @throws ChatError `NOT_FOUND`, or `CLOSED` if the client closes first.
   */
  async settled(id: string): Promise<SendState> {
    return settled(this.#mustBeSignedIn(), this.#installed.events, this.#installed.whenClosed, id)
  }

  /**
   * How far a message that this device sent has come, for each person it was sent to. Empty until a
   * server has accepted it.
   *
   * @throws ChatError `NOT_FOUND` if this device has not sent such a message.
   */
  async deliveries(id: string): Promise<readonly MemberDelivery[]> {
    return deliveries(this.#mustBeSignedIn(), id)
  }

  /**
   * Messages as they arrive, decrypted and stored, for ever. The first call begins with what came
   * since the client was opened, at most the newest thousand. Ends when the client closes.
   */
  messages(): AsyncIterableIterator<ChatMessage> {
    this.#installed.mustBeOpen()
    return this.#installed.stream.iterate()
  }

  /** Calls back on every event of that name. Returns a function that stops it. */
  on<Name extends keyof ChatEvents>(
    name: Name,
    listener: (event: ChatEvents[Name]) => void,
  ): () => void {
    return this.#installed.events.on(name, listener)
  }

  /** The one with the newest message first. */
  async conversations(): Promise<readonly Conversation[]> {
    return conversations(this.#mustBeSignedIn())
  }

  /**
   * A page of a conversation, newest last. `who` is a username or the id of a conversation; the
   * page before this one ends `before` the position of its first message.
   */
  async history(who: string, page: PageOfHistory = {}): Promise<readonly ChatMessage[]> {
    return history(this.#mustBeSignedIn(), who, page)
  }

  /**
   * Asks a server for a person. Returns `null`, does not throw, if there is no such account.
   *
   * @throws ChatError `UNTRUSTED_ANSWER` if the server gave keys that do not hold, `NETWORK`.
   */
  async lookUp(name: string): Promise<Person | null> {
    return this.#people().lookUp(usernameOf(name))
  }

  /** Usernames that begin like this, at most twenty. At least two characters are needed. */
  async search(prefix: string): Promise<readonly string[]> {
    return this.#people().search(prefix)
  }

  /**
   * Sixty digits, the same on both sides, to compare with the person by another way; and the same
   * as a QR code for `compareSafetyNumberQr`. If the key has changed, it is the number of the new one.
   */
  async safetyNumber(name: string): Promise<SafetyNumber> {
    return this.#people().safetyNumber(usernameOf(name))
  }

  /** Remembers that you compared the safety number of this person and it was the same. */
  async verify(name: string): Promise<void> {
    await this.#people().verify(usernameOf(name))
  }

  /** Trusts the changed key of this person from now on; what was held is sent. */
  async acceptKey(name: string): Promise<void> {
    await this.#people().acceptKey(usernameOf(name))
  }

  /** What this device knows and keeps by itself: people it has met, what waits, notes of a face. */
  get local(): LocalView {
    const { directory } = this.#mustBeSignedIn()
    return new LocalView({ store: this.#installed.mustBeOpened().store, directory })
  }

  /** Groups: making them, and changing who belongs to them. */
  get groups(): Groups {
    return new Groups(this.#mustBeSignedIn())
  }

  /** The devices of this account. */
  async devices(): Promise<readonly OwnDevice[]> {
    return this.#people().ownDevices()
  }

  /**
   * Takes a device out of the account: its session ends and nothing more is encrypted for it. The
   * password is needed, because it opens the key that signs the list of devices.
   */
  async revokeDevice(
    id: string,
    { password }: { readonly password: string },
  ): Promise<SignInResult> {
    return this.#people().revokeDevice(id, password)
  }

  /** The servers as the balancer sees them now. Needs nobody to be signed in. */
  async servers(): Promise<readonly RankedServer[]> {
    this.#installed.mustBeOpen()
    return this.#installed.servers.ranking()
  }

  /** For trying the API by hand as this device: takes the mailbox over, so close this client then. */
  async apiAccess(sample?: { readonly to: string; readonly text: string }): Promise<ApiAccess> {
    await this.connected()
    const { token } = this.#installed.mustBeOpened().record
    return apiAccess({ session: this.#mustBeSignedIn(), api: this.#installed.api, token }, sample)
  }

  /** Ends everything and gives the storage free. What waits is sent by the next client on it. */
  async close(): Promise<void> {
    await this.#installed.close()
  }

  /** `await using client = await openChatClient(…)` closes it at the end of the block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #people(): People {
    const { api, servers } = this.#installed
    const { vaultVersion } = this.#installed.mustBeOpened().record
    return new People({ session: this.#mustBeSignedIn(), api, servers, vaultVersion })
  }

  #mustBeSignedIn(): Session {
    return this.#installed.mustBeSignedIn()
  }
}
