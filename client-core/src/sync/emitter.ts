export type Listener<T> = (event: T) => void

/** Typed events. A listener that throws is reported as an uncaught error and disturbs no other. */
export class Emitter<Events extends object> {
  readonly #listeners = new Map<keyof Events, Set<Listener<never>>>()

  on<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>): () => void {
    const listeners = this.#listeners.get(name) ?? new Set()
    this.#listeners.set(name, listeners)
    // A wrapper, so that one function can listen twice and stop once.
    const own: Listener<Events[Name]> = (event) => listener(event)
    listeners.add(own)
    return () => {
      listeners.delete(own)
    }
  }

  emit<Name extends keyof Events>(name: Name, event: Events[Name]): void {
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
