import { inBackground } from './in-background.ts'
import { timelineOf, withTimeline } from './model/state.ts'
import type { Anchor } from './model/timeline.ts'
import { newOf, type RowsAt, scrolled, topOf, visibleRows } from './model/viewport.ts'
import type { Reader } from './reader.ts'
import type { ScreenStore } from './screen-store.ts'

/** How many rows of messages the window shows, and which they are. */
export interface InSight {
  readonly height: number
  readonly rowsAt: RowsAt
}

/** Moves the window through the messages, and has more of them read when it comes to the first. */
export class Scroller {
  readonly #store: ScreenStore
  readonly #reader: Reader
  readonly #inSight: () => InSight

  constructor(store: ScreenStore, reader: Reader, inSight: () => InSight) {
    this.#store = store
    this.#reader = reader
    this.#inSight = inSight
  }

  byPages(pages: number): void {
    const { height, rowsAt } = this.#inSight()
    // Two rows of the page before stay, to find one's place again.
    const by = pages * Math.max(1, height - 2)
    this.#moveTo(scrolled(timelineOf(this.#store.state), { height, by, rowsAt }))
    if (pages < 0) this.#readOlderAtStart()
  }

  to(where: 'start' | 'end'): void {
    if (where === 'end') {
      this.#moveTo({ kind: 'end' })
      return
    }
    const { height, rowsAt } = this.#inSight()
    this.#moveTo(topOf(timelineOf(this.#store.state), height, rowsAt))
    this.#readOlderAtStart()
  }

  /** What came while the conversation was not open is read from its beginning. */
  toNew(): void {
    const { height, rowsAt } = this.#inSight()
    const timeline = timelineOf(this.#store.state)
    if (timeline.newFrom !== undefined) this.#moveTo(newOf(timeline, height, rowsAt))
  }

  #readOlderAtStart(): void {
    const { height, rowsAt } = this.#inSight()
    const { isAtStart } = visibleRows(timelineOf(this.#store.state), height, rowsAt)
    if (isAtStart) inBackground(this.#store, this.#reader.readOlder())
  }

  #moveTo(anchor: Anchor): void {
    this.#store.set((state) =>
      withTimeline(state, state.open, (timeline) => ({
        ...timeline,
        anchor,
        below: anchor.kind === 'end' ? 0 : timeline.below,
      })),
    )
  }
}
