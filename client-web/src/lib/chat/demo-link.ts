import { ChatError } from '@fastchat/client-core'
import { demoRun } from '#lib/tabs/demo-run.ts'
import type { SharedClient } from '#lib/tabs/shared-client.ts'
import { deviceName } from './device-name.ts'

/**
 * The secret of a one-time link, `/#demo=<secret>`. It leaves the address whatever becomes of it; and
 * only a page that a demo hands out looks at it, so that no link signs anybody in elsewhere.
 */
export function takeDemoSecret(): string | undefined {
  const secret = /^#demo=([\w-]+)$/.exec(location.hash)?.[1]
  if (secret === undefined) return undefined
  history.replaceState(history.state, '', location.pathname + location.search)
  return demoRun() === undefined ? undefined : secret
}

/**
 * Goes in as whomever the link is for, and resolves with whom to read first. Rejects with an
 * `Error` that says what to do.
 */
export async function enterByLink(
  shared: SharedClient,
  secret: string,
): Promise<string | undefined> {
  const phase = await untilStarted(shared)
  const answer = await fetch('/demo/redeem', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ secret }),
  })
  // Opened twice in one browser: whoever is in stays in.
  if (phase === 'signed-in') return undefined
  const opened = (await answer.json()) as {
    readonly kind?: string
    readonly name: string
    readonly password: string
    readonly greeter?: string
    readonly problem?: string
  }
  if (!answer.ok || opened.kind !== 'person')
    throw new Error(opened.problem ?? 'This link does not lead into the chat.')
  const { name: username, password } = opened
  const account = { username, password, deviceName: deviceName() }
  try {
    await shared.calls.signUp(account)
  } catch (error) {
    // Not the first browser of this person.
    if (!(error instanceof ChatError) || error.code !== 'NAME_TAKEN') throw error
    await shared.calls.signIn(account)
  }
  return opened.greeter
}

function untilStarted(shared: SharedClient): Promise<string> {
  return new Promise((resolve) => {
    const look = () => {
      if (shared.status.phase === 'starting') return
      stop()
      resolve(shared.status.phase)
    }
    const stop = shared.onStatus(look)
    look()
  })
}
