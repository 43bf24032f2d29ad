import type { FileMessage } from '@fastchat/client-core'
import { SvelteMap } from 'svelte/reactivity'
import type { SharedClient } from '#lib/tabs/shared-client.ts'

/** How far files have come, by the id of their message, from 0 to 1. */
export class Transfers {
  readonly #shared: SharedClient
  readonly #down = new SvelteMap<string, number>()

  constructor(shared: SharedClient) {
    this.#shared = shared
    shared.on('transfer', ({ id, direction, done, of }) => {
      if (direction === 'down') this.#down.set(id, of === 0 ? 1 : done / of)
    })
  }

  down(id: string): number {
    return this.#down.get(id) ?? 0
  }

  read({ id, from }: FileMessage): Promise<Uint8Array> {
    return this.#shared.calls.readFile({ id, from })
  }
}
