import { createAddresses } from './addresses.ts'
import { AskError, ask } from './ask.ts'
import { drain, resume, reveal, signIn, signOut } from './documents.ts'
import { type FeedListener, feed } from './feed.ts'

/** Who is signed in, as long as the tab is open. */
export interface OperatorSession {
  readonly token: string
  readonly name: string
  readonly expiresAt: string
}

/** What an operator can do. Everything rejects with an `AskError` that says what to do. */
export interface DeskApi {
  follow(listener: FeedListener, signal: AbortSignal): void
  drain(serverId: number, reason: string): Promise<void>
  resume(serverId: number): Promise<void>
  reveal(recipient: string): Promise<string>
  signOut(): Promise<void>
}

export type SignInAnswer =
  | { readonly kind: 'in'; readonly session: OperatorSession }
  | { readonly kind: 'declined'; readonly message: string; readonly waitMs: number }

export async function signInOperator(name: string, password: string): Promise<SignInAnswer> {
  const addresses = createAddresses()
  const input = { name, password }
  const { signInOperator: answer } = await ask(addresses, undefined, signIn, { input })
  if (answer.__typename === 'SignInOperatorPayload') {
    const { token, expiresAt } = answer
    return { kind: 'in', session: { token, name: answer.name, expiresAt } }
  }
  const waitMs = 'retryAfterMs' in answer ? answer.retryAfterMs : 0
  return { kind: 'declined', message: answer.message, waitMs }
}

export function createDeskApi({ token }: OperatorSession): DeskApi {
  const addresses = createAddresses()

  return {
    follow(listener, signal) {
      void feed(addresses, token, listener, signal)
    },
    async drain(serverId, reason) {
      const input = { serverId, ...(reason !== '' && { reason }) }
      accept((await ask(addresses, token, drain, { input })).drainServer)
    },
    async resume(serverId) {
      accept((await ask(addresses, token, resume, { input: { serverId } })).resumeServer)
    },
    async reveal(recipient) {
      const { revealRecipient } = await ask(addresses, token, reveal, { input: { recipient } })
      if ('username' in revealRecipient) return revealRecipient.username
      throw new AskError(revealRecipient.message)
    },
    async signOut() {
      await ask(addresses, token, signOut, {})
    },
  }
}

function accept(answer: { readonly __typename: string; readonly message?: string }): void {
  if (answer.message !== undefined) throw new AskError(answer.message)
}
