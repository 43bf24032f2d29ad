import type { Deps } from '../deps.ts'
import { NameTakenError } from '../errors.ts'
import { takeRate } from '../rate-limit.ts'
import { takeGuess } from './attempts.ts'
import { requireUsername, skeletonOf } from './username.ts'

export interface StartSignUp {
  readonly username: string
  readonly registrationRequest: string
}

/** The first of two steps; nothing is kept yet. */
export async function startSignUp(
  deps: Pick<Deps, 'store' | 'rates' | 'opaque'>,
  network: string,
  input: StartSignUp,
): Promise<{ readonly registrationResponse: string }> {
  const username = requireUsername(input.username)
  await takeRate(deps, 'signUp', network)
  // Never answered for a name that exists: the answer is computed from the name, and with it somebody who has once asked to
  // sign in as that person could test passwords at home, uncounted. A name not taken yet is bounded like a sign-in.
  if (await deps.store.accounts.isNameTaken(username, skeletonOf(username)))
    throw new NameTakenError()
  await takeGuess(deps, username)
  return deps.opaque.startRegistration({ username, registrationRequest: input.registrationRequest })
}
