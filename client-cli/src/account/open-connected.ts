import type { ChatClient } from '../client.ts'
import { Failure } from '../failure.ts'
import type { Settings } from '../settings.ts'
import type { Terminal } from '../terminal.ts'
import { type AccountUse, type OpenAccount, openAccount } from './open-account.ts'

const patienceMs = 10_000

/** As `openAccount`, with a server at the other end: a command that reaches none changes nothing. */
export async function openConnected(
  terminal: Terminal,
  settings: Settings,
  use: AccountUse & { readonly patienceMs?: number } = {},
): Promise<OpenAccount> {
  const open = await openAccount(terminal, settings, use)
  try {
    await untilConnected(open.client, terminal.interrupted, use.patienceMs)
    return open
  } catch (error) {
    await open[Symbol.asyncDispose]()
    throw error
  }
}

/** Rejects if no server answers in time, if nobody is signed in any more, or on Ctrl+C. */
export async function untilConnected(
  client: Pick<ChatClient, 'connected'>,
  interrupted: AbortSignal,
  mostMs = patienceMs,
): Promise<void> {
  await Promise.race([client.connected(), givingUp(interrupted, Math.min(patienceMs, mostMs))])
}

function givingUp(interrupted: AbortSignal, afterMs: number): Promise<never> {
  const either = AbortSignal.any([interrupted, AbortSignal.timeout(afterMs)])
  return new Promise((_resolve, reject) => {
    const giveUp = () => {
      const late = 'No server answers. Nothing was done. Is the address right?'
      reject(
        interrupted.aborted ? new Failure('interrupted', '') : new Failure('unreachable', late),
      )
    }
    if (either.aborted) giveUp()
    else either.addEventListener('abort', giveUp)
  })
}
