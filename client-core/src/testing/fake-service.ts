import type {
  AccountAnswer,
  ChatApi,
  ChatOperations,
  ConnectOptions,
  FinishSignUp,
  Link,
  LinkClosed,
  SendMessage,
  SignedIn,
} from '../api/chat-api.ts'
import { randomBytes } from '../crypto/bytes.ts'
import { ChatError, networkError } from '../errors.ts'
import type { Clock } from '../sync/clock.ts'
import {
  acceptList,
  accountAnswer,
  checkAddressee,
  type FakeAccount,
  type OfferedList,
} from './fake-account.ts'
import { type Fault, Faults, type OperationName } from './fake-faults.ts'
import { FakeFiles } from './fake-files.ts'
import { type Asker, FakeGroups } from './fake-groups.ts'
import { FakeMailboxes } from './fake-mailboxes.ts'
import { FakePasswords, wrongPassword } from './fake-passwords.ts'

export interface FakeServiceOptions {
  readonly clock: Clock
  readonly servers?: number
  readonly ttlMs?: number
}

interface FakeSession {
  readonly username: string
  deviceId: string | undefined
}

interface OpenLink {
  readonly serverId: string
  close(reason: LinkClosed): void
}

/**
 * Several servers over one message store, without a network: the whole `ChatApi`, as strict as the
 * real one where clients depend on it, and with switches for what can go wrong.
 */
export class FakeService implements ChatApi {
  readonly mailboxes: FakeMailboxes
  readonly groups: FakeGroups
  readonly files: FakeFiles
  /** Every message in the order in which it reached the service, repeats included. */
  readonly sent: SendMessage[] = []
  readonly acknowledged: string[] = []
  readonly #clock: Clock
  readonly #ttlMs: number
  readonly #serverIds: readonly string[]
  readonly #dead = new Set<string>()
  readonly #accounts = new Map<string, FakeAccount>()
  readonly #sessions = new Map<string, FakeSession>()
  readonly #passwords = new FakePasswords()
  readonly #links = new Set<OpenLink>()
  readonly #faults = new Faults()
  #counter = 0

  constructor({ clock, servers = 2, ttlMs = 120_000 }: FakeServiceOptions) {
    this.#clock = clock
    this.#ttlMs = ttlMs
    this.#serverIds = Array.from({ length: servers }, (_, index) => String(index + 1))
    this.mailboxes = new FakeMailboxes(clock, ttlMs)
    this.groups = new FakeGroups({
      clock,
      listOf: (username) => this.account(username).list,
      tell: (deviceId, head) => this.mailboxes.tell(deviceId, { kind: 'group-changed', ...head }),
    })
    this.files = new FakeFiles(clock, ttlMs)
  }

  /** How many sockets are open now. */
  get openLinks(): number {
    return this.#links.size
  }

  /** The next call of this operation meets the fault; a second one is for the call after it. */
  breakNext(operation: OperationName, fault: Fault): void {
    this.#faults.add(operation, fault)
  }

  kill(serverId: string): void {
    this.#dead.add(serverId)
    this.#closeLinks((link) => link.serverId === serverId, { kind: 'lost' })
  }

  restart(serverId: string): void {
    this.#dead.delete(serverId)
  }

  /** Ends every socket of a session, as a revocation does. */
  revokeSessions(username: string): void {
    for (const [token, session] of this.#sessions) {
      if (session.username === username) this.#sessions.delete(token)
    }
    this.#closeLinks(() => true, { kind: 'session-ended' })
  }

  /** A server that swaps an account for one with other keys, or takes back what it has said. */
  unsafeReplaceAccount(account: FakeAccount): void {
    this.#accounts.set(account.username, account)
  }

  account(username: string): FakeAccount {
    const account = this.#accounts.get(username)
    if (account === undefined) throw new ChatError('NOT_FOUND', `There is no account ${username}.`)
    return account
  }

  /** A session without a password, for tests that are about something else. */
  async addSession(
    input: Pick<FinishSignUp, 'username' | 'deviceId' | 'deviceList' | 'deviceListSignature'>,
  ): Promise<string> {
    if (!this.#accounts.has(input.username)) {
      await this.#createAccount({ ...input, registrationRecord: '', vault: randomBytes(1) })
    }
    return this.#openSession(input.username, input.deviceId)
  }

  /** How many sessions of somebody are good now. */
  sessionsOf(name: string): number {
    return [...this.#sessions.values()].filter(({ username }) => username === name).length
  }

  http(url: string, token?: string): ChatOperations {
    return this.#operations(() => {
      const serverId = new URL(url).port
      if (serverId !== '' && this.#dead.has(serverId)) throw networkError()
      return token
    })
  }

  async connect({ url, token, onClosed }: ConnectOptions): Promise<Link> {
    const serverId = new URL(url).port
    if (this.#dead.has(serverId)) throw networkError()
    const session = this.#sessions.get(token)
    if (session === undefined) throw unauthenticated()
    let isOpen = true
    let attachment = ''
    const open: OpenLink = {
      serverId,
      close: (reason) => {
        if (!isOpen) return
        isOpen = false
        this.#links.delete(open)
        if (session.deviceId !== undefined) this.mailboxes.detach(session.deviceId, attachment)
        onClosed(reason)
      },
    }
    this.#links.add(open)
    const operations = this.#operations(() => {
      if (!isOpen) throw networkError()
      return token
    })
    return {
      hello: {
        serverId,
        ...(session.deviceId !== undefined && { challenge: randomBytes(32) }),
      },
      operations,
      watchInbox: (attachmentId, onBatch) => {
        attachment = attachmentId
        if (session.deviceId === undefined) return open.close({ kind: 'lost' })
        this.mailboxes.watch(session.deviceId, attachmentId, (batch) => {
          // As over a network: never before the call that caused it has returned.
          queueMicrotask(() => {
            if (isOpen) onBatch(batch)
          })
        })
      },
      close: () => open.close({ kind: 'lost' }),
    }
  }

  #operations(enter: () => string | undefined): ChatOperations {
    return this.#faults.guard(this.#allOperations(enter), enter)
  }

  #allOperations(enter: () => string | undefined): ChatOperations {
    const session = () => {
      const found = this.#sessions.get(enter() ?? '')
      if (found === undefined) throw unauthenticated()
      return found
    }
    const device = () => {
      const { deviceId } = session()
      if (deviceId === undefined) throw new ChatError('FORBIDDEN', 'Register the device first.')
      return deviceId
    }
    const asker = () => ({ username: session().username, deviceId: device() })
    return {
      ...this.groups.operations(asker),
      balancer: async () => this.#ranking(),
      service: async () => ({
        version: 'fake',
        messageTtlMs: this.#ttlMs,
        serverTimeMs: this.#clock.nowMs(),
      }),
      startSignUp: async ({ username, registrationRequest }) => {
        if (this.#accounts.has(username)) throw nameTaken()
        return this.#passwords.startSignUp(username, registrationRequest)
      },
      finishSignUp: async (input) => {
        await this.#createAccount(input)
        return this.#signedIn(input.username, input.deviceId)
      },
      startSignIn: async ({ username, startLoginRequest }) => {
        const record = this.#accounts.get(username)?.registrationRecord ?? null
        return this.#passwords.startSignIn(username, record, startLoginRequest)
      },
      finishSignIn: async ({ signInId, finishLoginRequest, device: known }) => {
        const username = this.#passwords.finishSignIn(signInId, finishLoginRequest)
        const { devices } = this.account(username).list
        if (known !== undefined && !devices.some(({ id }) => id === known.deviceId)) {
          throw wrongPassword()
        }
        return this.#signedIn(username, known?.deviceId)
      },
      signOut: async () => {
        this.#sessions.delete(enter() ?? '')
      },
      me: async () => this.#viewer(session().username),
      account: async (username) => {
        const account = this.#accounts.get(username)
        return account === undefined ? null : this.#answer(account)
      },
      accounts: async (usernames) =>
        usernames.map((username) => {
          const account = this.#accounts.get(username)
          return account === undefined ? null : this.#answer(account)
        }),
      searchAccounts: async (prefix, first) =>
        [...this.#accounts.values()]
          .filter(({ username }) => username.startsWith(prefix))
          .slice(0, first)
          .map((account) => this.#answer(account)),
      registerDevice: async ({ deviceId, ...offered }) => {
        const current = session()
        const answer = await this.#changeList(current.username, offered)
        current.deviceId = deviceId
        return answer
      },
      revokeDevice: async ({ deviceId, ...offered }) => {
        const { username } = session()
        const answer = await this.#changeList(username, offered)
        for (const [token, other] of this.#sessions) {
          if (other.deviceId === deviceId) this.#sessions.delete(token)
        }
        return answer
      },
      attachChallenge: async () => ({ serverId: '1', challenge: randomBytes(32) }),
      attachMailbox: async ({ after }) => {
        const { id, expired } = this.mailboxes.attach(device(), after)
        const serverTimeMs = this.#clock.nowMs()
        return { attachmentId: id, expiredWhileAway: expired, serverTimeMs }
      },
      sendMessage: async (message) => {
        const senderDevice = device()
        this.sent.push(message)
        const isRepeat = this.mailboxes.outcomes(senderDevice, [message.clientMessageId]).length > 0
        if (!isRepeat) this.#check(message, asker())
        return this.#accept(senderDevice, message, isRepeat)
      },
      acknowledge: async ({ attachmentId, upTo }) => {
        this.mailboxes.acknowledge(device(), attachmentId, upTo)
        this.acknowledged.push(upTo)
      },
      outcomes: async (ids) => this.mailboxes.outcomes(device(), ids),
      startUpload: async (input) => this.files.start(device(), input),
      uploadChunk: async (input) => this.files.put(device(), input),
      fileChunk: async ({ fileId, index }) => this.files.read(device(), fileId, index),
    }
  }

  #check({ to, group }: SendMessage, sender: Asker): void {
    const names = to.map(({ username }) => username)
    if (group !== undefined) this.groups.checkSend(sender, group, names)
    for (const addressee of to) checkAddressee(this.account(addressee.username), addressee, sender)
  }

  #accept(senderDevice: string, message: SendMessage, isRepeat: boolean) {
    const { fileId, clientMessageId, to } = message
    if (fileId === undefined || isRepeat) return this.mailboxes.send(senderDevice, message)
    this.files.check(senderDevice, fileId, clientMessageId)
    const readers = to.flatMap(({ keys }) => keys.map(({ deviceId }) => deviceId))
    const expiresAtMs = this.#clock.nowMs() + this.#ttlMs
    // First: the message may be read before it has returned.
    this.files.send(fileId, clientMessageId, readers, expiresAtMs)
    return this.mailboxes.send(senderDevice, message)
  }

  async #createAccount(
    input: Pick<FakeAccount, 'username' | 'registrationRecord' | 'vault'> & OfferedList,
  ): Promise<void> {
    const { username, registrationRecord, vault, deviceList, deviceListSignature } = input
    if (this.#accounts.has(username)) throw nameTaken()
    const list = await acceptList(username, input)
    this.#accounts.set(username, {
      username,
      registrationRecord,
      vault,
      vaultVersion: 1,
      list,
      deviceList,
      deviceListSignature,
    })
  }

  async #changeList(username: string, offered: OfferedList): Promise<AccountAnswer> {
    const account = this.account(username)
    const { list } = account
    const accepted = await acceptList(username, offered, account)
    // Another change came in while this one was verified: now it is one of an older list.
    if (account.list !== list) return this.#changeList(username, offered)
    account.list = accepted
    account.deviceList = offered.deviceList
    account.deviceListSignature = offered.deviceListSignature
    const { version } = account.list
    for (const { id } of account.list.devices) {
      this.mailboxes.tell(id, { kind: 'devices-changed', username, version })
    }
    return this.#answer(account)
  }

  #signedIn(username: string, deviceId: string | undefined): SignedIn {
    return {
      token: this.#openSession(username, deviceId),
      expiresAtMs: this.#clock.nowMs() + 3_600_000,
      viewer: this.#viewer(username),
    }
  }

  #viewer(username: string) {
    const account = this.account(username)
    const { vault, vaultVersion } = account
    return { vault, vaultVersion, account: this.#answer(account) }
  }

  #answer(account: FakeAccount) {
    const isOnline = account.list.devices.some(({ id }) => this.mailboxes.isAttached(id))
    return accountAnswer(account, isOnline)
  }

  #openSession(username: string, deviceId: string | undefined): string {
    const token = this.#newId('token')
    this.#sessions.set(token, { username, deviceId })
    return token
  }

  #ranking() {
    return this.#serverIds.map((id, index) => {
      const isDead = this.#dead.has(id)
      return {
        id,
        url: `http://fake:${id}`,
        state: isDead ? ('DOWN' as const) : ('UP' as const),
        rank: isDead ? null : index + 1,
        pingMs: 1,
        score: 1,
        sockets: [...this.#links].filter((link) => link.serverId === id).length,
      }
    })
  }

  #closeLinks(which: (link: OpenLink) => boolean, reason: LinkClosed): void {
    for (const link of [...this.#links].filter(which)) link.close(reason)
  }

  #newId(kind: string): string {
    this.#counter += 1
    return `${kind}-${this.#counter}`
  }
}

function unauthenticated(): ChatError {
  return new ChatError('UNAUTHENTICATED', 'Sign in and try again.')
}

function nameTaken(): ChatError {
  return new ChatError('NAME_TAKEN', 'Choose another name.')
}
