import type { ConnectionState } from '@fastchat/client-core'

export type Line =
  | { readonly kind: 'connected'; readonly server: string; readonly pingMs?: number }
  | {
      readonly kind: 'moved'
      readonly server: string
      readonly from: string
      /** The one before asked its clients to go, before it stops. */
      readonly isDraining: boolean
    }
  | { readonly kind: 'connecting' }
  | { readonly kind: 'waiting'; readonly untilMs: number }
  | { readonly kind: 'stopped'; readonly reason: 'session-ended' | 'replaced' | 'storage-failed' }

const movedShownMs = 8000
const pingEveryMs = 15_000

/** How the client stands to its server, in the words that are shown. */
export class ConnectionLine {
  #state = $state.raw<ConnectionState>({ kind: 'idle' })
  #movedFrom = $state<string>()
  #retryAtMs = $state(0)
  #pingMs = $state<number>()
  /** From the first pause until a server is there: each try in between is no news. */
  #isWaiting = $state(false)
  #lastServer: string | undefined
  /** By the server before, to go elsewhere. */
  #wasAsked = $state(false)
  #forgetMove: ReturnType<typeof setTimeout> | undefined
  readonly #askPing: (serverId: string) => Promise<number | undefined>
  readonly #pingTimer: ReturnType<typeof setInterval>

  constructor(askPing: (serverId: string) => Promise<number | undefined>) {
    this.#askPing = askPing
    this.#pingTimer = setInterval(() => this.#ping(), pingEveryMs)
  }

  get line(): Line {
    const state = this.#state
    switch (state.kind) {
      case 'live': {
        const server = state.server.id
        const from = this.#movedFrom
        if (from !== undefined) return { kind: 'moved', server, from, isDraining: this.#wasAsked }
        const pingMs = this.#pingMs
        return { kind: 'connected', server, ...(pingMs !== undefined && { pingMs }) }
      }
      case 'waiting':
        return { kind: 'waiting', untilMs: this.#retryAtMs }
      case 'stopped':
        return { kind: 'stopped', reason: state.reason }
      default:
        return { kind: 'connecting' }
    }
  }

  /** Long enough without a server that the person should know. */
  get isInTrouble(): boolean {
    return this.#state.kind === 'stopped' || this.#isWaiting
  }

  get isLive(): boolean {
    return this.#state.kind === 'live'
  }

  update(state: ConnectionState): void {
    const before = this.#state
    this.#state = state
    if (state.kind === 'waiting') {
      this.#retryAtMs = Date.now() + state.delayMs
      this.#isWaiting = true
    } else if (state.kind === 'live') this.#isWaiting = false
    // A link that is lost is followed by a pause; only who is asked to go chooses at once.
    if (before.kind === 'live') this.#wasAsked = state.kind === 'choosing'
    if (state.kind === 'live' && before.kind !== 'live') this.#arrived(state.server.id)
  }

  close(): void {
    clearInterval(this.#pingTimer)
    clearTimeout(this.#forgetMove)
  }

  #arrived(server: string): void {
    if (this.#lastServer !== undefined && this.#lastServer !== server) {
      this.#movedFrom = this.#lastServer
      clearTimeout(this.#forgetMove)
      this.#forgetMove = setTimeout(() => {
        this.#movedFrom = undefined
      }, movedShownMs)
    }
    this.#lastServer = server
    this.#pingMs = undefined
    this.#ping()
  }

  #ping(): void {
    const state = this.#state
    if (state.kind !== 'live' || document.hidden) return
    this.#askPing(state.server.id).then(
      (pingMs) => {
        this.#pingMs = pingMs
      },
      // It only fills a field of information.
      () => undefined,
    )
  }
}
