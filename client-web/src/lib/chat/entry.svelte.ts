import { ChatError, normalizeUsername } from '@fastchat/client-core'
import type { SharedClient } from '#lib/tabs/shared-client.ts'
import { deviceName } from './device-name.ts'
import { Tries } from './tries.svelte.ts'
import { wordsOf } from './words-of.ts'

/** Signing in and signing up: what is typed, what came of it, and what is left to try. */
export class Entry {
  mode = $state<'sign-in' | 'sign-up'>('sign-in')
  username = $state('')
  password = $state('')
  problem = $state('')
  isBusy = $state(false)
  /** Whose keys and history this browser holds, if somebody else wants in. */
  owner = $state<string>()
  readonly #shared: SharedClient
  readonly #tries = new Tries()

  constructor(shared: SharedClient) {
    this.#shared = shared
  }

  get waitSeconds(): number {
    return this.#tries.waitSeconds
  }

  choose(mode: 'sign-in' | 'sign-up'): void {
    this.mode = mode
    this.problem = ''
    this.owner = undefined
  }

  /** Resolves when it is over; whoever is in now is told by the client's status. */
  async submit(): Promise<void> {
    const name = normalizeUsername(this.username)
    if (name.kind === 'refused') {
      this.problem = name.message
      return
    }
    await this.#run(async () => {
      const { calls } = this.#shared
      const options = {
        username: name.username,
        password: this.password,
        deviceName: deviceName(),
      }
      if (this.mode === 'sign-up') await calls.signUp(options)
      else this.problem = this.#tries.judge(await calls.signIn(options))
      this.password = ''
    })
  }

  /** Makes room for another account: keys and history of the one before are deleted here. */
  async forget(): Promise<void> {
    await this.#run(async () => {
      await this.#shared.calls.signOut({ forget: true })
      this.owner = undefined
    })
  }

  async #run(work: () => Promise<void>): Promise<void> {
    this.isBusy = true
    this.problem = ''
    try {
      await work()
    } catch (error) {
      this.problem = wordsOf(error)
      this.owner = ownerIn(error)
    } finally {
      this.isBusy = false
    }
  }
}

/** "This device belongs to alice." */
function ownerIn(error: unknown): string | undefined {
  if (!(error instanceof ChatError) || error.code !== 'CONFLICT') return undefined
  return error.details.username ?? /belongs to ([^\s]+?)\./.exec(error.message)?.[1]
}
