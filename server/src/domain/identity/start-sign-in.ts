import { randomUUID } from 'node:crypto'
import type { Deps } from '../deps.ts'
import { limits } from '../limits.ts'
import { takeRate } from '../rate-limit.ts'
import { countTry } from './attempts.ts'
import { requireUsername } from './username.ts'

export interface StartSignIn {
  readonly username: string
  readonly startLoginRequest: string
}

export interface SignInStarted {
  readonly signInId: string
  readonly loginResponse: string
  /** Tries left should this one fail. */
  readonly attemptsLeft: number
}

/** The first of two steps. Names that do not exist get the same work and the same kind of answer. */
export async function startSignIn(
  deps: Pick<Deps, 'store' | 'rates' | 'opaque'>,
  network: string,
  input: StartSignIn,
): Promise<SignInStarted> {
  const username = requireUsername(input.username)
  await takeRate(deps, 'startSignIn', network)
  const { attemptKey, attemptsLeft } = await countTry(deps, username, network)
  const account = await deps.store.accounts.findByUsername(username)
  const { state, loginResponse } = await deps.opaque.startLogin({
    username,
    registrationRecord: account?.opaqueRecord ?? null,
    startLoginRequest: input.startLoginRequest,
  })

  const signInId = randomUUID()
  await deps.store.signIns.insertSignIn({
    id: signInId,
    clientId: account?.id ?? null,
    username,
    attemptKey,
    state,
    lifetimeMs: limits.signInMs,
  })
  return { signInId, loginResponse, attemptsLeft }
}
