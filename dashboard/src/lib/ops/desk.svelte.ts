import { createDeskApi, type OperatorSession } from '#lib/api/desk-api.ts'
import { Actions } from './actions.svelte.ts'
import { Live } from './live.svelte.ts'
import { Range } from './range.svelte.ts'
import { Theme } from './theme.svelte.ts'

/** Everything behind the screen of one operator who is signed in. */
export class Desk {
  readonly operator: string
  readonly live: Live
  readonly actions: Actions
  readonly range = new Range()
  readonly theme = new Theme()
  #api

  constructor(session: OperatorSession, onSessionOver: () => void) {
    this.operator = session.name
    this.#api = createDeskApi(session)
    this.live = new Live(this.#api, onSessionOver)
    this.actions = new Actions(this.#api)
  }

  signOut(): Promise<void> {
    return this.#api.signOut()
  }

  close(): void {
    this.live.close()
    this.range.close()
  }
}
