import type { Group } from '@fastchat/client-core'
import { SvelteMap } from 'svelte/reactivity'
import type { SharedClient } from '#lib/tabs/shared-client.ts'
import { tameLine } from '#lib/text/tame-text.ts'

/** The groups of the person, as this device has verified them. */
export class Groups {
  readonly #shared: SharedClient
  readonly #byAddress = new SvelteMap<string, Group>()

  constructor(shared: SharedClient) {
    this.#shared = shared
  }

  async load(): Promise<void> {
    for (const group of await this.#shared.calls.groups()) this.put(group)
  }

  put(group: Group): void {
    const known = this.#byAddress.get(group.conversation)
    // Answers and news come by different ways: what is older must not undo what is newer.
    if (known !== undefined && known.version > group.version) return
    this.#byAddress.set(group.conversation, group)
  }

  /** The group of a conversation; nothing if it is between two people. */
  of(address: string): Group | undefined {
    return this.#byAddress.get(address)
  }

  nameOf(address: string): string | undefined {
    const name = this.#byAddress.get(address)?.name
    return name === undefined ? undefined : tameLine(name)
  }

  async create(name: string, members: readonly string[]): Promise<Group> {
    const group = await this.#shared.calls.createGroup({ name, members })
    this.put(group)
    return group
  }

  /** Any change: all answer with the group as it is then. */
  async change(make: (calls: SharedClient['calls']) => Promise<Group>): Promise<void> {
    this.put(await make(this.#shared.calls))
  }
}
