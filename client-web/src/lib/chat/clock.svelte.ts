import { createSubscriber } from 'svelte/reactivity'

/** The servers' time as something a component can show: moves once a second while anybody looks. */
export class ServerTime {
  readonly #read: () => number
  readonly #subscribe = createSubscriber((update) => {
    const timer = setInterval(update, 1000)
    return () => clearInterval(timer)
  })

  constructor(read: () => number) {
    this.#read = read
  }

  get nowMs(): number {
    this.#subscribe()
    return this.#read()
  }
}
