import type { KnownPerson, Person } from '@fastchat/client-core'
import { SvelteMap } from 'svelte/reactivity'
import type { SharedClient } from '#lib/tabs/shared-client.ts'

/** What is known of others: their pictures and marks at once, who is there as it was last asked. */
export class People {
  readonly #shared: SharedClient
  readonly #known = new SvelteMap<string, KnownPerson>()
  readonly #asked = new SvelteMap<string, Person>()

  constructor(shared: SharedClient) {
    this.#shared = shared
  }

  async load(): Promise<void> {
    for (const person of await this.#shared.calls.people()) {
      this.#known.set(person.username, person)
    }
  }

  known(username: string): KnownPerson | undefined {
    return this.#known.get(username)
  }

  /** As the server told it when it was last asked. */
  asked(username: string): Person | undefined {
    return this.#asked.get(username)
  }

  /** Asks a server. Returns `null`, does not throw, if there is nobody of that name. */
  async ask(username: string): Promise<Person | null> {
    const person = await this.#shared.calls.lookUp(username)
    if (person === null) return null
    this.#asked.set(username, person)
    const before = this.#known.get(username)
    if (before === undefined || before.hasNewKey !== person.hasNewKey) await this.load()
    return person
  }

  async verify(username: string): Promise<void> {
    await this.#shared.calls.verify(username)
    this.#shared.emit('people-changed', {})
  }

  async acceptKey(username: string): Promise<void> {
    await this.#shared.calls.acceptKey(username)
    this.#shared.emit('people-changed', {})
  }
}
