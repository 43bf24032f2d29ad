import { tick } from 'svelte'

/** So near to the end, new messages are followed. */
const endPx = 60
/** So near to an edge of what is drawn, more is drawn before the person gets there. */
const edgePx = 700

export interface ScrollEdges {
  /** False while newer messages are there that are not drawn. */
  readonly hasEnd: () => boolean
  /** Draws what stands before or after, and resolves with whether there was something. */
  readonly older: () => Promise<boolean>
  readonly newer: () => Promise<boolean>
}

/** Keeps the place in a long conversation: at the end while one is there, else where one reads. */
export class ScrollKeeper {
  isAtEnd = $state(true)
  readonly #edges: ScrollEdges
  #box: HTMLElement | undefined
  #isLoading = false
  /** A line and where it was on the screen. */
  #held: { readonly row: Element; readonly top: number } | undefined

  constructor(edges: ScrollEdges) {
    this.#edges = edges
  }

  /** An attachment for the box that scrolls; its only child grows. */
  readonly attach = (box: HTMLElement) => {
    this.#box = box
    const onScroll = () => this.#look()
    box.addEventListener('scroll', onScroll, { passive: true })
    const resized = new ResizeObserver(() => {
      if (this.isAtEnd) this.#jumpToEnd()
    })
    resized.observe(box)
    if (box.firstElementChild !== null) resized.observe(box.firstElementChild)
    this.#jumpToEnd()
    return () => {
      box.removeEventListener('scroll', onScroll)
      resized.disconnect()
      this.#box = undefined
    }
  }

  /** To be called when the newest are drawn again. */
  async toEnd(): Promise<void> {
    this.isAtEnd = true
    await tick()
    this.#jumpToEnd()
  }

  #jumpToEnd(): void {
    const box = this.#box
    if (box !== undefined) box.scrollTop = box.scrollHeight
  }

  #look(): void {
    const box = this.#box
    if (box === undefined) return
    const belowPx = box.scrollHeight - box.scrollTop - box.clientHeight
    this.isAtEnd = this.#edges.hasEnd() && belowPx < endPx
    if (box.scrollTop < edgePx) this.#draw(this.#edges.older)
    else if (belowPx < edgePx && !this.#edges.hasEnd()) this.#draw(this.#edges.newer)
  }

  /** To be called before what is drawn changes, however it does. */
  beforeDraw(): void {
    const row = this.isAtEnd ? undefined : this.#firstVisible()
    this.#held = row && { row, top: row.getBoundingClientRect().top }
  }

  /** The line at the top of the view stays where it was, whatever came and went above it. */
  afterDraw(): void {
    const held = this.#held
    this.#held = undefined
    if (this.#box === undefined || held?.row.isConnected !== true) return
    const moved = held.row.getBoundingClientRect().top - held.top
    if (moved !== 0) this.#box.scrollTop += moved
  }

  #draw(more: () => Promise<boolean>): void {
    if (this.#isLoading) return
    this.#isLoading = true
    const done = () => {
      this.#isLoading = false
    }
    more().then(async (wasSomething) => {
      await tick()
      done()
      // Who scrolled on meanwhile may be near an edge again.
      if (wasSomething) this.#look()
    }, done)
  }

  #firstVisible(): Element | undefined {
    const box = this.#box
    const top = box?.getBoundingClientRect().top ?? 0
    return [...(box?.querySelectorAll('[data-row]') ?? [])].find(
      (row) => row.getBoundingClientRect().bottom > top,
    )
  }
}
