import type { InboxEvent } from '../../../server/src/domain/delivery/inbox-event.ts'
import type { Deps } from '../../../server/src/domain/deps.ts'
import { RateLimitedError } from '../../../server/src/domain/errors.ts'
import type { Viewer } from '../../../server/src/domain/viewer.ts'
import type { Log } from '../../../server/src/observability/log.ts'
import type { Context } from '../../../server/src/schema/builder.ts'
import { schema } from '../../../server/src/schema/index.ts'
import type { Acceptance, OutgoingMessage } from '../../../server/src/store/accept-messages.ts'
import type { Connection } from '../../../server/src/transport/connection.ts'
import type { Executor } from '../../../server/src/transport/execute.ts'
import { createMaskError } from '../../../server/src/transport/mask-error.ts'
import { createOperationGuard } from '../../../server/src/transport/operation-guard.ts'
import { createSocketProtocol } from '../../../server/src/transport/socket-protocol.ts'
import { alice, at, attachmentId, bobsDevice, events } from './delivery-samples.ts'

/** What the store and the limits say to everything. */
type Outcome =
  | { readonly acceptance: Acceptance }
  | { readonly fails: () => Error }
  | { readonly limited: true }
  | { readonly nobody: true }
  | { readonly stale: true }

/** A server as far as these operations reach into it, and who asks it. */
export interface Service {
  readonly viewer: Viewer | null
  build(accepted: unknown[]): { readonly deps: Deps }
}

const accepted = (repeated: boolean, seq: bigint): Acceptance => ({
  ...{ kind: 'accepted', repeated, acceptedAt: at, expiresAt: at },
  deliveries: [{ deviceId: bobsDevice, seq, attachedServer: null }],
})

export function service({
  viewer = alice,
  outcome = { acceptance: accepted(false, 1n) },
  batches = [events.slice(0, 1), events.slice(0, 4), events.slice(4), events],
}: {
  viewer?: Viewer | null
  outcome?: Outcome
  batches?: readonly (readonly InboxEvent[])[]
} = {}): Service {
  const answer = <T>(usual: T): T => {
    if ('fails' in outcome) throw outcome.fails()
    return usual
  }
  const acceptance = 'acceptance' in outcome ? outcome.acceptance : accepted(false, 1n)
  const isStale = 'stale' in outcome
  const state = { attachmentId: isStale ? 'another' : attachmentId, ackedSeq: 4n, acked: [] }
  const build = (seen: unknown[]) => ({
    deps: {
      noteDecline() {},
      server: { id: 1 },
      log: silent,
      sendLimiter: {
        async take() {
          if ('limited' in outcome) throw new RateLimitedError(50)
        },
      },
      deviceSets: {
        find: async (username: string, version: number) =>
          'nobody' in outcome
            ? null
            : { username, clientId: 'bob-id', currentVersion: version, deviceIds: [bobsDevice] },
      },
      rosters: {
        find: async (_groupId: string, version: number) => ({
          version,
          names: new Set(['alice', 'bob']),
        }),
        refresh: async () => ({ version: 9, names: new Set(['alice', 'bob']) }),
      },
      store: {
        messages: {
          findOutcomes: async () => [],
          accept: async (message: OutgoingMessage) => {
            seen.push(plain(message))
            return answer(acceptance)
          },
        },
        mailboxes: {
          place: async () => answer(!isStale),
          leave: async () => {},
          listStates: async () => [state],
          acknowledgeUnseen: async (...args: unknown[]) => {
            seen.push(plain(args))
            return answer(isStale ? null : state)
          },
        },
      },
      deliveries: {
        now: () => at.getTime(),
        findFeed: () => undefined,
        announceOutcomes() {},
        notify() {},
        counters: { accepted: 0 },
        watch: { add() {}, begin() {}, end() {} },
        openFeed: () => ({ batches: emit(batches) }),
      },
    } as unknown as Deps,
  })
  return { viewer, build }
}

async function* emit(batches: readonly (readonly InboxEvent[])[]) {
  for (const batch of batches) yield { events: batch, serverTime: at }
}

service.outcomes = {
  repeated: { acceptance: accepted(true, 1n) },
  full: { acceptance: accepted(false, 0n) },
  fullEverywhere: { acceptance: { kind: 'full', deviceIds: [bobsDevice, attachmentId] } },
  conflict: { acceptance: { kind: 'conflict' } },
  newerRoster: { acceptance: { kind: 'stale-roster' } },
  newer: { acceptance: { kind: 'stale', clientId: 'bob-id', currentVersion: 7 } },
  limited: { limited: true },
  nobody: { nobody: true },
  stale: { stale: true },
  defect: { fails: () => new TypeError('a defect that says something secret') },
  databaseGone: {
    fails: () => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }),
  },
} as const satisfies Record<string, Outcome>

const silent = { warn() {}, error() {}, info() {}, debug() {} } as unknown as Log

/** Everything the server says and stores on being asked one thing over a new connection. */
export async function askOverProtocol(
  executor: Executor,
  { viewer, build }: Service,
  payload: { readonly query: string; readonly variables: unknown },
) {
  const [frames, seen]: [string[], unknown[]] = [[], []]
  const { deps } = build(seen)
  const connection = {
    ...{ viewer, network: 'n', operations: 0, subscriptions: 0, refusals: 0 },
    close: (code: number) => void frames.push(`closed ${code}`),
    operationEnded() {
      connection.operations -= 1
    },
  }
  const protocol = createSocketProtocol({
    ...{ schema, executor, authenticate: async () => null, onSignedIn() {} },
    guard: createOperationGuard({ schema, introspection: true }),
    maskError: createMaskError({ log: silent }),
    acknowledge: () => ({}),
    contextFor: (socket) => ({ deps, viewer, network: 'n', socket }) as unknown as Context,
  })
  let receive = (_text: string): Promise<void> => Promise.reject(new Error('not listening'))
  const closed = protocol.opened(
    {
      protocol: 'graphql-transport-ws',
      async send(text) {
        frames.push(text.replace(/"incidentId":"[^"]*"/, '"incidentId":"…"'))
      },
      close: (code) => void frames.push(`closed ${code}`),
      onMessage(callback) {
        receive = callback
      },
    },
    connection as unknown as Connection,
  )
  await receive('{"type":"connection_init"}')
  const said = receive(JSON.stringify({ id: '1', type: 'subscribe', payload }))
  await said.catch((error: unknown) => frames.push(`failed: ${error}`))
  await closed(1000, '')
  return { frames, accepted: seen, running: [connection.operations, connection.subscriptions] }
}

/** Comparable, whichever kind of array holds the bytes. */
function plain(value: unknown): unknown {
  return JSON.stringify(value, (_key, part) => {
    if (part instanceof Uint8Array) return Buffer.from(part).toString('hex')
    if (part?.type === 'Buffer') return Buffer.from(part.data).toString('hex')
    return typeof part === 'bigint' ? part.toString() : part
  })
}
