import type { DeskApi } from '#lib/api/desk-api.ts'
import type { Operations } from '#lib/api/documents.ts'
import type { FeedState } from '#lib/api/feed.ts'
import { extend, type History, noHistory } from './history.ts'
import { Now } from './now.svelte.ts'
import { toldHistory } from './told-history.ts'

/** At one each second, so many that are missing make what is shown old. */
const staleAfterMs = 3000

/** What is on the screen, and how old it is. */
export class Live {
  shown = $state.raw<Operations>()
  history = $state.raw<History>(noHistory)
  state = $state.raw<FeedState>({ kind: 'searching' })
  isPaused = $state(false)
  #now = new Now()
  #shownAt = $state(performance.now())
  #latest: { readonly operations: Operations; readonly at: number } | undefined
  #known: History = noHistory
  #over = new AbortController()

  ageMs = $derived(Math.max(0, this.#now.ms - this.#shownAt))
  isStale = $derived(!this.isPaused && this.shown !== undefined && this.ageMs > staleAfterMs)

  constructor(api: DeskApi, onSessionOver: () => void) {
    api.follow(
      {
        onOperations: (operations) => this.#take(operations),
        onState: (state) => {
          if (state.kind !== this.state.kind) this.state = state
        },
        onSessionOver,
      },
      this.#over.signal,
    )
  }

  /** Holds the picture still. What happens meanwhile is kept, and is there when it goes on. */
  togglePause(): void {
    this.isPaused = !this.isPaused
    if (!this.isPaused) this.#show()
  }

  close(): void {
    this.#over.abort()
    this.#now.close()
  }

  #take(operations: Operations): void {
    this.#latest = { operations, at: performance.now() }
    this.#known = extend(this.#known, toldHistory(operations))
    if (!this.isPaused) this.#show()
  }

  #show(): void {
    if (this.#latest === undefined) return
    this.shown = this.#latest.operations
    this.history = this.#known
    this.#shownAt = this.#latest.at
  }
}
