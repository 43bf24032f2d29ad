import type { ChatApi, Link, LinkClosed } from '../api/chat-api.ts'
import { hasCode, networkError } from '../errors.ts'
import type { Clock, Random } from './clock.ts'
import {
  type ConnectionEvent,
  type ConnectionState,
  nextConnectionState,
  type ServerAddress,
  type StopReason,
} from './connection-machine.ts'

export interface ConnectionPorts<Attachment> {
  readonly api: Pick<ChatApi, 'connect'>
  readonly clock: Clock
  readonly random: Random
  readonly token: () => string
  /** Best first. Rejects or gives none if no server is known. */
  readonly chooseServers: () => Promise<readonly ServerAddress[]>
  readonly attach: (link: Link) => Promise<Attachment>
  readonly onLive: (link: Link, attachment: Attachment) => void
  readonly onState: (state: ConnectionState) => void
}

type Enter = {
  readonly [S in ConnectionState['kind']]: (
    state: Extract<ConnectionState, { readonly kind: S }>,
  ) => void
}

/**
 * Keeps one link to one server, for ever. The machine decides; this class does what entering a
 * state means, and drops whatever comes late from a state that was left.
 */
export class Connection<Attachment> {
  readonly #ports: ConnectionPorts<Attachment>
  #state: ConnectionState = { kind: 'idle' }
  #link: Link | undefined
  #stopTimer: () => void = () => undefined
  /** One higher with every state, so that an answer to an earlier question is recognised. */
  #turn = 0

  constructor(ports: ConnectionPorts<Attachment>) {
    this.#ports = ports
  }

  get state(): ConnectionState {
    return this.#state
  }

  /** The link, if it is live now. */
  get liveLink(): Link | undefined {
    return this.#state.kind === 'live' ? this.#link : undefined
  }

  /** Begins, or tries at once if it waits: for a device that is on-line again. */
  start(): void {
    this.#dispatch({ kind: 'started' })
  }

  close(): void {
    this.#dispatch({ kind: 'closed' })
  }

  stop(reason: StopReason): void {
    this.#dispatch({ kind: 'refused', reason })
  }

  /** The server said that it is about to go. */
  drain(): void {
    this.#dispatch({ kind: 'draining' })
  }

  readonly #enter: Enter = {
    idle: () => this.#drop(),
    stopped: () => this.#drop(),
    choosing: () => {
      this.#drop()
      this.#ask(
        () => this.#ports.chooseServers(),
        (servers) => ({ kind: 'chosen', servers, random: this.#ports.random() }),
      )
    },
    connecting: ({ server }) => {
      this.#drop()
      this.#ask(
        () => this.#open(server),
        () => ({ kind: 'opened' }),
      )
    },
    attaching: () => {
      const link = this.#link
      this.#ask(
        async () => {
          if (link === undefined) throw networkError()
          return { link, attachment: await this.#ports.attach(link) }
        },
        ({ link, attachment }) => {
          // The inbox is watched once the state is live, so that its first event finds it so.
          queueMicrotask(() => {
            if (this.liveLink === link) this.#ports.onLive(link, attachment)
          })
          return { kind: 'attached', nowMs: this.#ports.clock.monotonicMs() }
        },
      )
    },
    live: () => undefined,
    waiting: ({ delayMs }) => {
      this.#drop()
      this.#stopTimer = this.#ports.clock.after(delayMs, () => {
        this.#dispatch({ kind: 'retry-due' })
      })
    },
  }

  #dispatch(event: ConnectionEvent): void {
    const before = this.#state
    this.#state = nextConnectionState(before, event)
    if (this.#state === before) return
    this.#turn += 1
    this.#stopTimer()
    const enter = this.#enter[this.#state.kind] as (state: ConnectionState) => void
    enter(this.#state)
    this.#ports.onState(this.#state)
  }

  /** Does what the state is for. Whatever happens, exactly one event follows. */
  #ask<T>(question: () => Promise<T>, toEvent: (answer: T) => ConnectionEvent): void {
    const turn = this.#turn
    const tell = (event: () => ConnectionEvent) => {
      if (this.#turn === turn) this.#dispatch(event())
    }
    question().then(
      (answer) => tell(() => toEvent(answer)),
      (error: unknown) => tell(() => this.#failure(error)),
    )
  }

  #failure(error: unknown): ConnectionEvent {
    // Not FORBIDDEN: a challenge that grew old is refused by that too, and another server has a
    // fresh one. Of a revoked device the session has ended as well, and that is said by its code.
    if (hasCode(error, 'UNAUTHENTICATED')) return { kind: 'refused', reason: 'session-ended' }
    return this.#lost()
  }

  #lost(): ConnectionEvent {
    const { clock, random } = this.#ports
    return { kind: 'lost', nowMs: clock.monotonicMs(), random: random() }
  }

  async #open(server: ServerAddress): Promise<void> {
    const turn = this.#turn
    let link: Link | undefined
    let hasClosed = false
    const opened = await this.#ports.api.connect({
      url: server.url,
      token: this.#ports.token(),
      onClosed: (reason) => {
        hasClosed = true
        if (link !== undefined && this.#link === link) this.#linkClosed(reason)
      },
    })
    if (hasClosed) throw networkError()
    // The state was left while the socket came up: two links must never be open.
    if (this.#turn !== turn) return opened.close()
    link = opened
    this.#link = opened
  }

  #linkClosed(reason: LinkClosed): void {
    this.#link = undefined
    this.#dispatch(reason.kind === 'lost' ? this.#lost() : { kind: 'refused', reason: reason.kind })
  }

  #drop(): void {
    const link = this.#link
    // Forgotten first: closing tells `onClosed`, which must not take it for a loss.
    this.#link = undefined
    link?.close()
  }
}
