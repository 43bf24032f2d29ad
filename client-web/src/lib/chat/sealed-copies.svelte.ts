import type { ChatEvents, SealedCopy } from '@fastchat/client-core'
import { SvelteMap } from 'svelte/reactivity'
import type { SharedClient } from '#lib/tabs/shared-client.ts'

const mostKept = 50

/** What the servers were given of the messages sent lately, remembered for showing after they lost it. */
export class SealedCopies {
  readonly #shared: SharedClient
  readonly #copies = new SvelteMap<string, SealedCopy>()

  constructor(shared: SharedClient) {
    this.#shared = shared
  }

  of(id: string): SealedCopy | undefined {
    return this.#copies.get(id)
  }

  /** While a message is on its way there is a copy to look at; soon there is none. */
  follow({ id, state }: ChatEvents['delivery']): void {
    if (['sending', 'stored', 'delivered'].includes(state.kind)) this.look(id)
  }

  look(id: string): void {
    this.#shared.calls.sealed(id).then(
      (copy) => {
        if (copy !== undefined) this.#keep(id, copy)
      },
      // Only a window that explains is poorer by it.
      () => undefined,
    )
  }

  #keep(id: string, copy: SealedCopy): void {
    this.#copies.set(id, copy)
    const [oldest] = this.#copies.keys()
    if (this.#copies.size > mostKept && oldest !== undefined) this.#copies.delete(oldest)
  }
}
