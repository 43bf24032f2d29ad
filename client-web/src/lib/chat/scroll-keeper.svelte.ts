import { tick } from 'svelte'

/** So near to the end, new messages are followed. */
const endPx = 60
/** So near to the top, older messages are fetched before the person gets there. */
const topPx = 700

/** Keeps the place in a long conversation: at the end while one is there, else where one reads. */
export class ScrollKeeper {
  isAtEnd = $state(true)
  readonly #onTop: () => Promise<void>
  #box: HTMLElement | undefined
  #isLoading = false

  /** `onTop` loads what stands before; called again only when it has resolved. */
  constructor(onTop: () => Promise<void>) {
    this.#onTop = onTop
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

  toEnd(): void {
    this.isAtEnd = true
    this.#jumpToEnd()
  }

  #jumpToEnd(): void {
    const box = this.#box
    if (box !== undefined) box.scrollTop = box.scrollHeight
  }

  #look(): void {
    const box = this.#box
    if (box === undefined) return
    this.isAtEnd = box.scrollHeight - box.scrollTop - box.clientHeight < endPx
    if (box.scrollTop < topPx) this.loadOlder()
  }

  /** The line at the top of the view stays where it is while others come in above it. */
  loadOlder(): void {
    if (this.#isLoading) return
    this.#isLoading = true
    void this.#loadKeepingPlace().finally(() => {
      this.#isLoading = false
    })
  }

  async #loadKeepingPlace(): Promise<void> {
    const anchor = this.#firstVisible()
    const before = anchor?.getBoundingClientRect().top ?? 0
    await this.#onTop()
    await tick()
    const box = this.#box
    if (box === undefined || anchor?.isConnected !== true || this.isAtEnd) return
    box.scrollTop += anchor.getBoundingClientRect().top - before
  }

  #firstVisible(): Element | undefined {
    const box = this.#box
    const top = box?.getBoundingClientRect().top ?? 0
    return [...(box?.querySelectorAll('[data-row]') ?? [])].find(
      (row) => row.getBoundingClientRect().bottom > top,
    )
  }
}
