import { Failure } from '../failure.ts'
import type { Settings } from '../settings.ts'
import type { Terminal } from '../terminal.ts'
import { type OpenClient, openClient } from './open-client.ts'
import { openStore } from './open-store.ts'
import { unlock } from './unlock.ts'

export interface OpenAccount extends OpenClient {
  /** What opened the key file. */
  readonly password: string
}

export interface AccountUse {
  /** True if stdin holds something else than a password. */
  readonly isInputTaken?: boolean
}

/** The client of whoever is signed in with this profile. Throws a `Failure` if nobody is. */
export async function openAccount(
  terminal: Terminal,
  settings: Settings,
  use: AccountUse = {},
): Promise<OpenAccount> {
  const storage = await openStore(settings)
  let open: OpenClient | undefined
  try {
    const unlocked = await unlock(terminal, settings, use)
    if (unlocked === undefined) throw notSignedIn(settings)
    const url = settings.server ?? unlocked.url
    open = await openClient({ url, keys: unlocked.keys, storage })
    if (!(await open.client.resume())) throw notSignedIn(settings)
    return { ...open, password: unlocked.password }
  } catch (error) {
    await (open?.[Symbol.asyncDispose]() ?? storage.close())
    throw error
  }
}

export function notSignedIn({ paths }: Settings): Failure {
  return new Failure(
    'not-signed-in',
    `Nobody is signed in with the profile "${paths.profile}". Use: fastchat signup, or fastchat signin.`,
  )
}
