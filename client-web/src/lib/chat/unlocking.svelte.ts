import type { App } from './app.svelte.ts'
import { deviceName } from './device-name.ts'
import { Tries } from './tries.svelte.ts'
import { wordsOf } from './words-of.ts'

/** Opening the screen again: the servers say whether the password is right. */
export class Unlocking {
  password = $state('')
  problem = $state('')
  isBusy = $state(false)
  readonly #app: App
  readonly #tries = new Tries()

  constructor(app: App) {
    this.#app = app
  }

  get waitSeconds(): number {
    return this.#tries.waitSeconds
  }

  async submit(): Promise<void> {
    const { shared, session, lock } = this.#app
    if (session === undefined) return
    this.isBusy = true
    try {
      const { password } = this
      const credentials = { username: session.me, password, deviceName: deviceName() }
      this.problem = this.#tries.judge(await shared.calls.signIn(credentials))
      if (this.problem === '') lock.open()
    } catch (error) {
      this.problem = wordsOf(error)
    } finally {
      this.password = ''
      this.isBusy = false
    }
  }

  async signOut(): Promise<void> {
    await this.#app.shared.calls.signOut({ forget: false })
  }
}
