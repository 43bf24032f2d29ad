import { backoffMs } from './backoff.ts'

/** A connection that held this long was a good one: what follows is a first failure, not a next. */
const goodAfterMs = 10_000

export interface ServerAddress {
  readonly id: string
  readonly url: string
}

export type StopReason =
  /** The session ended: signed out, expired or revoked from another device. */
  | 'session-ended'
  /** Another client of this same device reads the mailbox now. */
  | 'replaced'
  /** This device's storage no longer takes or gives what it should. */
  | 'storage-failed'

export type ConnectionState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'choosing'; readonly attempt: number; readonly avoid: string }
  | Reaching<'connecting'>
  | Reaching<'attaching'>
  | {
      readonly kind: 'live'
      readonly attempt: number
      readonly server: ServerAddress
      readonly sinceMs: number
    }
  | {
      readonly kind: 'waiting'
      readonly attempt: number
      readonly avoid: string
      readonly delayMs: number
    }
  | { readonly kind: 'stopped'; readonly reason: StopReason }

interface Reaching<Kind extends string> {
  readonly kind: Kind
  readonly attempt: number
  readonly server: ServerAddress
  /** The servers to try after this one, best first. */
  readonly rest: readonly ServerAddress[]
}

export type ConnectionEvent =
  | { readonly kind: 'started' }
  | {
      readonly kind: 'chosen'
      readonly servers: readonly ServerAddress[]
      readonly random: number
    }
  | { readonly kind: 'opened' }
  | { readonly kind: 'attached'; readonly nowMs: number }
  /** The server could not be reached or used, or the link to it broke. */
  | { readonly kind: 'lost'; readonly nowMs: number; readonly random: number }
  | { readonly kind: 'draining' }
  | { readonly kind: 'retry-due' }
  | { readonly kind: 'refused'; readonly reason: StopReason }
  | { readonly kind: 'closed' }

type StateOf<K extends ConnectionState['kind']> = Extract<ConnectionState, { readonly kind: K }>
type EventOf<K extends ConnectionEvent['kind']> = Extract<ConnectionEvent, { readonly kind: K }>
type Step<S extends ConnectionState['kind'], E extends ConnectionEvent['kind']> = (
  state: StateOf<S>,
  event: EventOf<E>,
) => ConnectionState

/** Every state answers every event: a cell that is missing does not compile. */
type TransitionTable = {
  readonly [S in ConnectionState['kind']]: {
    readonly [E in ConnectionEvent['kind']]: Step<S, E>
  }
}

const stay = <S extends ConnectionState>(state: S): S => state
const start = (): ConnectionState => ({ kind: 'choosing', attempt: 0, avoid: '' })
const rest = (): ConnectionState => ({ kind: 'idle' })
const stop = (_state: unknown, { reason }: EventOf<'refused'>): ConnectionState => {
  return { kind: 'stopped', reason }
}

const table: TransitionTable = {
  idle: {
    started: start,
    chosen: stay,
    opened: stay,
    attached: stay,
    lost: stay,
    draining: stay,
    'retry-due': stay,
    refused: stay,
    closed: stay,
  },
  choosing: {
    started: stay,
    chosen: ({ attempt, avoid }, { servers, random }) =>
      tryNext(avoidedLast(servers, avoid), { attempt, avoid, random }),
    opened: stay,
    attached: stay,
    lost: ({ attempt, avoid }, { random }) => wait({ attempt, avoid, random }),
    draining: stay,
    'retry-due': stay,
    refused: stop,
    closed: rest,
  },
  connecting: {
    started: stay,
    chosen: stay,
    opened: (state) => ({ ...state, kind: 'attaching' }),
    attached: stay,
    lost: tryAnother,
    draining: (state) => tryAnother(state, { random: 0 }),
    'retry-due': stay,
    refused: stop,
    closed: rest,
  },
  attaching: {
    started: stay,
    chosen: stay,
    opened: stay,
    attached: ({ attempt, server }, { nowMs }) => {
      return { kind: 'live', attempt, server, sinceMs: nowMs }
    },
    lost: tryAnother,
    draining: (state) => tryAnother(state, { random: 0 }),
    'retry-due': stay,
    refused: stop,
    closed: rest,
  },
  live: {
    started: stay,
    chosen: stay,
    opened: stay,
    attached: stay,
    lost: (state, { nowMs, random }) => {
      const attempt = nowMs - state.sinceMs >= goodAfterMs ? 0 : state.attempt
      return wait({ attempt, avoid: state.server.id, random })
    },
    // At once and without a delay: the server spreads the moment at which it tells its clients.
    draining: ({ attempt, server }) => ({ kind: 'choosing', attempt, avoid: server.id }),
    'retry-due': stay,
    refused: stop,
    closed: rest,
  },
  waiting: {
    started: ({ attempt, avoid }) => ({ kind: 'choosing', attempt, avoid }),
    chosen: stay,
    opened: stay,
    attached: stay,
    lost: stay,
    draining: stay,
    'retry-due': ({ attempt, avoid }) => ({ kind: 'choosing', attempt, avoid }),
    refused: stop,
    closed: rest,
  },
  stopped: {
    started: start,
    chosen: stay,
    opened: stay,
    attached: stay,
    lost: stay,
    draining: stay,
    'retry-due': stay,
    refused: stay,
    closed: rest,
  },
}

/** What an event makes of a state. Returns the same object if the event means nothing to it. */
export function nextConnectionState(
  state: ConnectionState,
  event: ConnectionEvent,
): ConnectionState {
  const step = table[state.kind][event.kind] as Step<typeof state.kind, typeof event.kind>
  return step(state as never, event as never)
}

interface Attempt {
  readonly attempt: number
  readonly avoid: string
  readonly random: number
}

function tryNext(servers: readonly ServerAddress[], round: Attempt): ConnectionState {
  const [server, ...others] = servers
  if (server === undefined) return wait(round)
  return { kind: 'connecting', attempt: round.attempt, server, rest: others }
}

function tryAnother(
  { attempt, server, rest: others }: Reaching<string>,
  { random }: { readonly random: number },
): ConnectionState {
  return tryNext(others, { attempt, avoid: server.id, random })
}

function wait({ attempt, avoid, random }: Attempt): ConnectionState {
  const delayMs = backoffMs(attempt, random)
  return { kind: 'waiting', attempt: attempt + 1, avoid, delayMs }
}

/** The balancer may need a second to see what this client has just felt. */
function avoidedLast(servers: readonly ServerAddress[], avoid: string): readonly ServerAddress[] {
  return [
    ...servers.filter((server) => server.id !== avoid),
    ...servers.filter((server) => server.id === avoid),
  ]
}
