import type { OperatorSession } from '#lib/api/desk-api.ts'
import { Desk } from './desk.svelte.ts'
import { Door } from './door.svelte.ts'
import { keepSession, keptSession } from './session-keeper.ts'

/** Either the door or the desk. */
export class Dashboard {
  desk = $state.raw<Desk>()
  door = $state.raw<Door>(new Door((session) => this.#enter(session)))

  constructor() {
    const session = keptSession()
    if (session !== undefined) this.#open(session)
  }

  signOut(): void {
    const { desk } = this
    this.#leave('')
    // Whether the server hears of it or not, this tab has forgotten the token.
    desk?.signOut().catch(() => undefined)
  }

  #enter(session: OperatorSession): void {
    keepSession(session)
    this.#open(session)
  }

  #open(session: OperatorSession): void {
    this.desk = new Desk(session, () => this.#leave('Your session has ended. Sign in again.'))
  }

  #leave(problem: string): void {
    keepSession(undefined)
    this.desk?.close()
    this.desk = undefined
    this.door = new Door((session) => this.#enter(session), problem)
  }
}
