const leastMs = 33

/** Draws soon, but never more often than an eye can follow, however much happens in between. */
export class FramePacer {
  readonly #draw: () => void
  readonly #isReady: () => boolean
  #timer: ReturnType<typeof setTimeout> | undefined
  #isStopped = false
  #drawnAtMs = Number.NEGATIVE_INFINITY

  constructor(draw: () => void, isReady: () => boolean) {
    this.#draw = draw
    this.#isReady = isReady
  }

  request(): void {
    if (this.#timer !== undefined || this.#isStopped) return
    const waitMs = Math.max(0, this.#drawnAtMs + leastMs - performance.now())
    this.#timer = setTimeout(() => this.#due(), waitMs)
  }

  stop(): void {
    this.#isStopped = true
    clearTimeout(this.#timer)
  }

  #due(): void {
    this.#timer = undefined
    this.#drawnAtMs = performance.now()
    // A slow line gets the newest frame when it can take one, not every frame on the way there.
    if (this.#isReady()) this.#draw()
    else this.request()
  }
}
