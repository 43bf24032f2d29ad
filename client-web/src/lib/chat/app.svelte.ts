import { ChatError } from '@fastchat/client-core'
import { createContext } from 'svelte'
import { demoRun } from '#lib/tabs/demo-run.ts'
import { SharedClient } from '#lib/tabs/shared-client.ts'
import type { Status } from '#lib/tabs/wire.ts'
import { enterByLink, takeDemoSecret } from './demo-link.ts'
import { Notifications } from './notifications.svelte.ts'
import { keepShell } from './offline-shell.ts'
import { Route } from './route.svelte.ts'
import { ScreenLock } from './screen-lock.svelte.ts'
import { Session } from './session.svelte.ts'
import { Theme } from './theme.svelte.ts'
import { wordsOf } from './words-of.ts'

/** The whole app in this tab: who is signed in, and what is open. */
export class App {
  // Before the route looks at the address.
  readonly #demoSecret = takeDemoSecret()
  readonly shared: SharedClient
  readonly route = new Route()
  readonly theme = new Theme()
  readonly lock = new ScreenLock()
  readonly notifications = new Notifications({
    titleOf: (address) => (this.lock.isClosed ? undefined : this.session?.titleOf(address)),
    open: (address) => this.route.go(address),
  })
  phase = $state<Status['phase'] | 'broken'>('starting')
  /** Why nothing works, when nothing does. */
  broken = $state('')
  session = $state.raw<Session>()
  /** A link of a demo is being redeemed: nobody has to type anything. */
  isEntering = $state(false)
  /** Why the link did not let anybody in. */
  linkProblem = $state<string>()

  constructor() {
    this.shared = new SharedClient((error) => {
      this.phase = 'broken'
      this.broken = wordsOf(error)
    })
    this.shared.onStatus((status) => this.#follow(status))
    // In the one tab that runs the client, so that nobody is told twice.
    this.shared.on('message', (message) => {
      if (this.shared.isWriter) this.notifications.arrived(message)
    })
    if (this.#demoSecret !== undefined) void this.#enter(this.#demoSecret)
  }

  async #enter(secret: string): Promise<void> {
    this.isEntering = true
    try {
      const greeter = await enterByLink(this.shared, secret)
      if (greeter !== undefined) this.route.go(greeter)
    } catch (error) {
      this.linkProblem = error instanceof ChatError ? wordsOf(error) : (error as Error).message
    } finally {
      this.isEntering = false
    }
  }

  #follow({ phase, username }: Status): void {
    const changed = this.session?.me !== username
    if (changed) {
      this.session?.close()
      this.session =
        username === undefined ? undefined : new Session(this.shared, username, this.route)
    }
    // Not before: the whole app is fetched for it, and somebody who signs in waits for other things.
    const isNew = phase === 'signed-in' && this.phase !== 'signed-in'
    // A demo leaves nothing behind that would open without it.
    if (isNew && demoRun() === undefined) keepShell()
    if (phase === 'signed-out') {
      this.lock.open()
      this.route.go(undefined)
    }
    this.phase = phase
  }
}

export const [getApp, setApp] = createContext<App>()
