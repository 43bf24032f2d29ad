import type { ChatApi, ChatOperations, Link } from '../api/chat-api.ts'
import { proveAttach } from '../crypto/device-proof.ts'
import { rsaV1 } from '../crypto/rsa-v1/rsa-v1.ts'
import { networkError } from '../errors.ts'
import type { ChatEvents } from './chat-events.ts'
import type { Clock, Random } from './clock.ts'
import { Connection } from './connection.ts'
import type { ConnectionState } from './connection-machine.ts'
import { Directory } from './directory.ts'
import { Downloads } from './downloads.ts'
import type { Emitter } from './emitter.ts'
import { GroupBook } from './groups/group-book.ts'
import { GroupChanges } from './groups/group-changes.ts'
import { groupView } from './groups/group-view.ts'
import { type InboxPorts, InboxReader } from './inbox.ts'
import { messageView } from './message-view.ts'
import { Outbox } from './outbox.ts'
import type { RecordStore } from './record-store.ts'
import type { SessionRecord } from './records.ts'
import type { Me } from './seal-attempt.ts'
import { ServerClock } from './server-clock.ts'
import type { ServerList } from './server-list.ts'
import { Timeline } from './timeline.ts'

const defaultTtlMs = 120_000
const waitForLinkMs = 10_000
const farewellMs = 2_000

export interface SessionPorts {
  readonly api: ChatApi
  readonly clock: Clock
  readonly random: Random
  readonly store: RecordStore
  readonly servers: ServerList
  readonly events: Emitter<ChatEvents>
  readonly me: Me
}

/** Everything that runs while somebody is signed in, tied together. */
export class Session {
  readonly me: Me
  readonly store: RecordStore
  readonly directory: Directory
  readonly timeline: Timeline
  readonly groups: GroupBook
  readonly groupChanges: GroupChanges
  readonly outbox: Outbox
  readonly downloads: Downloads
  readonly serverClock: ServerClock
  readonly connection: Connection<string>
  readonly #ports: SessionPorts
  readonly #inboxPorts: InboxPorts
  readonly #waiters = new Set<() => void>()
  #reader: InboxReader | undefined
  #token: string
  #ttlMs = defaultTtlMs

  constructor(ports: SessionPorts, record: SessionRecord) {
    const { events, store, clock, random, me } = ports
    this.#ports = ports
    this.#token = record.token
    this.me = me
    this.store = store
    this.serverClock = new ServerClock(clock)
    this.timeline = new Timeline(store, this.serverClock)
    this.directory = new Directory({
      store,
      operations: () => this.operations(),
      onKeyChanged: (username) => events.emit('key-changed', { username }),
      onKeyRestored: (username) => {
        this.outbox.release(username).catch((error: unknown) => this.#broken(error))
      },
    })
    this.groups = new GroupBook({
      store,
      clock,
      me,
      timeline: this.timeline,
      directory: this.directory,
      operations: () => this.operations(),
      onGroup: (group) => events.emit('group', groupView(group, me.user)),
      onAlarm: (alarm) => events.emit('group-alarm', alarm),
      onLine: (line) => events.emit('message', messageView(line, me.user)),
      onBroken: (error) => this.#broken(error),
    })
    this.groupChanges = new GroupChanges({
      clock,
      random,
      me,
      groups: this.groups,
      directory: this.directory,
      operations: () => this.operations(),
    })
    const shared = {
      store,
      clock,
      random,
      me,
      timeline: this.timeline,
      directory: this.directory,
      groups: this.groups,
      serverClock: this.serverClock,
      protocol: rsaV1,
      onBroken: (error: unknown) => this.#broken(error),
    }
    this.outbox = new Outbox({
      ...shared,
      ttlMs: () => this.#ttlMs,
      link: () => this.connection.liveLink,
      onState: (id, state, position) => events.emit('delivery', { id, state, position }),
      onTransfer: (transfer) => events.emit('transfer', transfer),
    })
    this.downloads = new Downloads({
      ...shared,
      link: () => this.connection.liveLink,
      onProgress: (id, done, of) => events.emit('transfer', { id, direction: 'down', done, of }),
      onFile: (message) => {
        const view = messageView(message, me.user)
        if (view.kind === 'file') events.emit('file', view)
      },
    })
    this.#inboxPorts = {
      ...shared,
      downloads: this.downloads,
      onMessage: (message) => events.emit('message', messageView(message, me.user)),
      onMissed: (count) => events.emit('missed', { count }),
      onNews: (news) => this.#hear(news),
    }
    this.connection = new Connection<string>({
      api: ports.api,
      clock,
      random,
      token: () => this.#token,
      chooseServers: () => this.#chooseServers(),
      attach: (link) => this.#attach(link),
      onLive: (link, attachmentId) => this.#live(link, attachmentId),
      onState: (state) => this.#stateChanged(state),
    })
  }

  async start(): Promise<void> {
    const known = await this.#ports.store.get('servers', { name: '' })
    this.#ports.servers.recall(known?.servers ?? [])
    await this.outbox.load()
    this.connection.start()
  }

  /** The live server's operations; waits a little for one and rejects with `NETWORK` if none comes. */
  async operations(): Promise<ChatOperations> {
    if (this.connection.liveLink === undefined) await this.#nextLink()
    const link = this.connection.liveLink
    if (link === undefined) throw networkError()
    return link.operations
  }

  /** Says goodbye: what was received is acknowledged first, but a server that is silent keeps nobody. */
  async leave(): Promise<void> {
    const flushed = this.#reader?.flush()
    if (flushed !== undefined) {
      const { promise: tooLong, resolve } = Promise.withResolvers<void>()
      const callOff = this.#ports.clock.after(farewellMs, resolve)
      await Promise.race([flushed, tooLong])
      callOff()
    }
    this.close()
  }

  close(): void {
    this.outbox.close()
    this.downloads.close()
    this.connection.close()
    for (const wake of this.#waiters) wake()
  }

  #nextLink(): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        stopTimer()
        this.#waiters.delete(wake)
        resolve()
      }
      const stopTimer = this.#ports.clock.after(waitForLinkMs, wake)
      this.#waiters.add(wake)
    })
  }

  async #chooseServers() {
    const servers = await this.#ports.servers.choose()
    if (servers.length > 0) {
      await this.#ports.store.update(async (transaction) => {
        transaction.put('servers', { name: '' }, { servers })
      })
    }
    return servers
  }

  async #attach({ hello, operations }: Link): Promise<string> {
    const { serverId, challenge } = hello
    if (challenge === undefined) throw networkError()
    const { deviceId, keys } = this.me
    const after = (await this.#ports.store.get('cursor', { name: '' }))?.cursor
    const attached = await operations.attachMailbox({
      challenge,
      signature: await proveAttach(keys, { serverId, deviceId, challenge }),
      ...(after !== undefined && { after }),
    })
    this.serverClock.observe(attached.serverTimeMs)
    if (attached.expiredWhileAway > 0) {
      this.#ports.events.emit('missed', { count: attached.expiredWhileAway })
    }
    return attached.attachmentId
  }

  #live(link: Link, attachmentId: string): void {
    this.#reader = new InboxReader(this.#inboxPorts, link, attachmentId)
    for (const wake of this.#waiters) wake()
    this.groups.catchUp()
    this.outbox.wake()
    this.downloads.wake()
    link.operations.service().then(
      ({ messageTtlMs }) => {
        this.#ttlMs = messageTtlMs
      },
      // It only fills a field of information; the link itself reports what is wrong with it.
      () => undefined,
    )
  }

  #hear(news: Parameters<InboxPorts['onNews']>[0]): void {
    switch (news.kind) {
      case 'delivery-changed':
        this.outbox.outcomes.applyChange(news).catch((error: unknown) => this.#broken(error))
        return
      case 'devices-changed':
        this.#ownDevicesChanged(news.version)
        return
      case 'group-changed':
        this.groups.hear(news)
        return
      case 'server-draining':
        this.connection.drain()
        return
    }
  }

  #ownDevicesChanged(version: number): void {
    this.directory.refresh(this.me.user).then(
      () => this.#ports.events.emit('devices-changed', { version }),
      // Not learnt now: the next message to them is refused as stale, and then it is fetched.
      () => undefined,
    )
  }

  #stateChanged(state: ConnectionState): void {
    if (state.kind !== 'live') {
      this.#reader?.close()
      this.#reader = undefined
    }
    if (state.kind === 'stopped' && state.reason === 'session-ended') this.#forgetToken()
    this.#ports.events.emit('connection', state)
  }

  #forgetToken(): void {
    this.#token = ''
    this.#ports.store
      .update(async (transaction) => {
        const record = await transaction.get('session', { name: '' })
        if (record !== undefined) {
          transaction.put('session', { name: '' }, { ...record, token: '' })
        }
      })
      .catch((error: unknown) => this.#broken(error))
  }

  /** Without a storage that works, nothing that is said could be kept. */
  #broken(_error: unknown): void {
    this.outbox.close()
    this.downloads.close()
    this.connection.stop('storage-failed')
  }
}
