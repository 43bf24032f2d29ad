import { setTimeout as sleep } from 'node:timers/promises'
import type { ChatOperations, InboxEvent, Link } from '../../client-core/src/api/chat-api.ts'
import { graphqlApi } from '../../client-core/src/api/graphql-api.ts'
import type { Sealed } from '../../client-core/src/brands.ts'
import { proveAttach } from '../../client-core/src/crypto/device-proof.ts'
import { createMessageId } from '../../client-core/src/crypto/ids.ts'
import { ChatError } from '../../client-core/src/errors.ts'
import { Acknowledger } from '../../client-core/src/sync/acknowledger.ts'
import { backoffMs } from '../../client-core/src/sync/backoff.ts'
import { systemClock, systemRandom } from '../../client-core/src/sync/clock.ts'
import { Connection } from '../../client-core/src/sync/connection.ts'
import { sendRecovery } from '../../client-core/src/sync/send-recovery.ts'
import { ServerList } from '../../client-core/src/sync/server-list.ts'
import type { Account } from './account.ts'
import { deadlineMs } from './until.ts'

/** What somebody sends again and again: sealed once, since it is not the sealing that is tested. */
export interface SealedOnce {
  readonly to: Account
  readonly envelope: Sealed
  readonly wrappedKey: Sealed
}

/** Somebody with client-core's own connection and recovery, and without its ciphers and its storage. */
export interface CrowdMember {
  /** On the server with this number; undefined while it is on its way. */
  readonly serverId: string | undefined
  /** In the order in which they were to be sent. */
  readonly sent: readonly string[]
  /** As they came over the wire, twice if they came twice. */
  readonly arrived: readonly string[]
  /** What a person would have been shown. */
  readonly complaints: readonly string[]
  untilLive(): Promise<void>
  /** Resolves when it is accepted, however often it has to be tried. */
  send(message: SealedOnce): Promise<void>
  /** What the servers say has become of all that was sent, each state with how often. */
  outcomes(): Promise<Readonly<Record<string, number>>>
  close(): void
}

const askedAtOnce = 50

export function startCrowdMember(balancerUrl: string, account: Account): CrowdMember {
  const servers = new ServerList(graphqlApi, balancerUrl)
  const sent: string[] = []
  const arrived: string[] = []
  const complaints: string[] = []
  const waiting = new Set<() => void>()
  let cursor: string | undefined
  let acknowledger: Acknowledger | undefined

  const connection = new Connection<string>({
    api: graphqlApi,
    clock: systemClock,
    random: systemRandom,
    token: () => account.token,
    chooseServers: () => servers.choose(),
    async attach({ hello, operations }) {
      const { serverId, challenge } = hello
      if (challenge === undefined) throw new Error('The session has no device.')
      const proof = { serverId, deviceId: account.deviceId, challenge }
      const signature = await proveAttach(account.keys, proof)
      const after = cursor !== undefined && { after: cursor }
      return (await operations.attachMailbox({ challenge, signature, ...after })).attachmentId
    },
    onLive: (link, attachmentId) => read(link, attachmentId),
    onState(state) {
      if (state.kind !== 'live') acknowledger?.close()
      if (state.kind === 'stopped') complaints.push(`stopped: ${state.reason}`)
    },
  })
  connection.start()

  function read(link: Link, attachmentId: string): void {
    const mine = new Acknowledger({
      clock: systemClock,
      acknowledge: (upTo) => link.operations.acknowledge({ attachmentId, upTo }),
      onFailed: () => link.close(),
    })
    acknowledger = mine
    const take = (event: InboxEvent) => {
      if (event.kind === 'server-draining') connection.drain()
      if (event.kind !== 'message-arrived') return
      arrived.push(event.clientMessageId)
      cursor = event.cursor
      mine.stored(event.cursor)
    }
    link.watchInbox(attachmentId, ({ events }) => {
      // What comes late over a link that was left comes again over the next one.
      if (connection.liveLink === link) events.forEach(take)
    })
    for (const wake of [...waiting]) wake()
  }

  async function live(): Promise<ChatOperations> {
    const giveUpAt = Date.now() + deadlineMs
    for (;;) {
      const link = connection.liveLink
      if (link !== undefined) return link.operations
      if (Date.now() > giveUpAt) throw new Error(`${account.username} found no server.`)
      await new Promise<void>((resolve) => {
        const wake = () => {
          callOff()
          waiting.delete(wake)
          resolve()
        }
        const callOff = systemClock.after(1000, wake)
        waiting.add(wake)
      })
    }
  }

  return {
    sent,
    arrived,
    complaints,
    get serverId() {
      const { state } = connection
      return state.kind === 'live' ? state.server.id : undefined
    },
    async untilLive() {
      await live()
    },
    async send({ to, envelope, wrappedKey }) {
      const clientMessageId = createMessageId(Date.now(), sent.at(-1) ?? null)
      sent.push(clientMessageId)
      const keys = [{ deviceId: to.deviceId, wrappedKey }]
      const addressees = [{ username: to.username, deviceListVersion: 1, keys }]
      for (let failures = 0; ; ) {
        try {
          const operations = await live()
          await operations.sendMessage({ clientMessageId, envelope, to: addressees })
          return
        } catch (error) {
          const code = error instanceof ChatError ? error.code : 'INTERNAL'
          // A fault is one, though a client would try again.
          if (code === 'INTERNAL' || sendRecovery[code] !== 'same-again')
            complaints.push(`${account.username}: ${code}`)
          if (sendRecovery[code] !== 'same-again') return
          failures += 1
          await sleep(backoffMs(failures, systemRandom()))
        }
      }
    },
    async outcomes() {
      const states: Record<string, number> = {}
      for (let first = 0; first < sent.length; first += askedAtOnce) {
        const operations = await live()
        const known = await operations.outcomes(sent.slice(first, first + askedAtOnce))
        for (const { state } of known.flatMap(({ deliveries }) => deliveries))
          states[state] = (states[state] ?? 0) + 1
      }
      return states
    },
    close() {
      acknowledger?.close()
      connection.close()
    },
  }
}
