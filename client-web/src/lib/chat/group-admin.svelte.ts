import type { Group } from '@fastchat/client-core'
import type { Calls } from '#lib/tabs/calls.ts'
import type { Session } from './session.svelte.ts'
import { wordsOf } from './words-of.ts'

/** What the person does with a group, and what came of it. */
export class GroupAdmin {
  isBusy = $state(false)
  problem = $state('')
  readonly #session: Session
  readonly #groupOf: () => Group

  constructor(session: Session, groupOf: () => Group) {
    this.#session = session
    this.#groupOf = groupOf
  }

  get group(): Group {
    return this.#groupOf()
  }

  add(names: readonly string[]): Promise<boolean> {
    return this.#do((calls, id) => calls.addToGroup(id, names))
  }
  kick(name: string): Promise<boolean> {
    return this.#do((calls, id) => calls.kick(id, name))
  }
  promote(name: string): Promise<boolean> {
    return this.#do((calls, id) => calls.promote(id, name))
  }
  demote(name: string): Promise<boolean> {
    return this.#do((calls, id) => calls.demote(id, name))
  }
  handOver(name: string): Promise<boolean> {
    return this.#do((calls, id) => calls.handOver(id, name))
  }
  rename(name: string): Promise<boolean> {
    return this.#do((calls, id) => calls.renameGroup(id, name))
  }
  leave(): Promise<boolean> {
    return this.#do((calls, id) => calls.leaveGroup(id))
  }
  delete(): Promise<boolean> {
    return this.#do((calls, id) => calls.deleteGroup(id))
  }

  /** Resolves with whether it was done; if not, `problem` says why. */
  async #do(make: (calls: Calls, id: string) => Promise<Group>): Promise<boolean> {
    this.isBusy = true
    this.problem = ''
    try {
      await this.#session.groups.change((calls) => make(calls, this.group.id))
      return true
    } catch (error) {
      this.problem = wordsOf(error)
      return false
    } finally {
      this.isBusy = false
    }
  }
}
