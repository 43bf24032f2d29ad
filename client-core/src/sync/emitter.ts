export type Listener<T> = (event: T) => void

const mostKept = 100

/** Typed events. A listener that throws is reported as an uncaught error and disturbs no other. */
export class Emitter<Events extends object> {
  readonly #listeners = new Map<keyof Events, Set<Listener<never>>>()
  readonly #kept: Map<keyof Events, unknown[]>

  /** Of the names in `kept`, what happens before anybody listens is told to the first who does. */
  constructor({ kept = [] }: { readonly kept?: readonly (keyof Events)[] } = {}) {
    this.#kept = new Map(kept.map((name) => [name, []]))
  }

  on<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>): () => void {
    const listeners = this.#listeners.get(name) ?? new Set()
    this.#listeners.set(name, listeners)
    // A wrapper, so that one function can listen twice and stop once.
    const own: Listener<Events[Name]> = (event) => listener(event)
    listeners.add(own)
    const early = this.#kept.get(name)
    this.#kept.delete(name)
    // Not at once: whoever listens has not got the way to stop yet.
    for (const event of early ?? []) queueMicrotask(() => own(event as Events[Name]))
    return () => {
      listeners.delete(own)
    }
  }

  emit<Name extends keyof Events>(name: Name, event: Events[Name]): void {
    const kept = this.#kept.get(name)
    if (kept !== undefined && kept.length < mostKept) kept.push(event)
    for (const listener of [...(this.#listeners.get(name) ?? [])]) {
      try {
        const call = listener as Listener<Events[Name]>
        call(event)
      } catch (error) {
        queueMicrotask(() => {
          throw error
        })
      }
    }
  }
}
