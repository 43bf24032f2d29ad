import { redeemLink, takeDemoSecret } from '#lib/api/demo-link.ts'
import type { OperatorSession } from '#lib/api/desk-api.ts'
import { Desk } from './desk.svelte.ts'
import { Door } from './door.svelte.ts'
import { keepSession, keptSession } from './session-keeper.ts'

/** Either the door or the desk. */
export class Dashboard {
  desk = $state.raw<Desk>()
  door = $state.raw<Door>(new Door((session) => this.#enter(session)))

  constructor() {
    const secret = takeDemoSecret()
    const session = keptSession()
    if (secret !== undefined) void this.#enterByLink(secret)
    else if (session !== undefined) this.#open(session)
  }

  signOut(): void {
    const { desk } = this
    this.#leave('')
    // Whether the server hears of it or not, this tab has forgotten the token.
    desk?.signOut().catch(() => undefined)
  }

  async #enterByLink(secret: string): Promise<void> {
    try {
      const { name, password } = await redeemLink(secret)
      await this.door.submit(name, password)
    } catch (error) {
      this.door.problem = error instanceof Error ? error.message : 'This link cannot be used.'
    }
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
