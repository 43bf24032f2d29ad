const everyMs = 200

/** The time that has passed since the page was opened, for what says how long ago something was. */
export class Now {
  ms = $state(performance.now())
  #timer = setInterval(() => {
    this.ms = performance.now()
  }, everyMs)

  close(): void {
    clearInterval(this.#timer)
  }
}
