import { randomUUID } from 'node:crypto'
import type { AccountDevice } from '../../store/accounts.ts'
import type { Deps } from '../deps.ts'
import { ForbiddenError, InvalidInputError, WrongPasswordError } from '../errors.ts'
import { limits } from '../limits.ts'
import { findAttemptsLeft } from './attempts.ts'
import type { SignedIn } from './finish-sign-up.ts'
import { isSignInProof } from './proofs.ts'
import { createSessionToken } from './session-token.ts'

export interface FinishSignIn {
  readonly signInId: string
  readonly finishLoginRequest: string
  /** Both or neither: a device that is known already, and its signature. */
  readonly deviceId: string | null
  readonly deviceProof: Uint8Array | null
}

/** Opens a session. Without a device it is good for registering one, and for nothing else. */
export async function finishSignIn(
  deps: Pick<Deps, 'store' | 'opaque'>,
  input: FinishSignIn,
): Promise<SignedIn> {
  if ((input.deviceId === null) !== (input.deviceProof === null))
    throw new InvalidInputError(
      'deviceProof',
      'A device signs in with its id and its proof together, or without both.',
    )
  const clientId = await provePassword(deps, input)
  const device = await findProvenDevice(deps, clientId, input)
  const account = await deps.store.accounts.findById(clientId)
  if (account === null) throw new WrongPasswordError(0)

  const { token, tokenHash } = createSessionToken()
  const expiresAt = await deps.store.sessions.insertSession({
    id: randomUUID(),
    tokenHash,
    lifetimeMs: limits.sessionMs,
    clientId,
    deviceId: device?.id ?? null,
  })
  return { token, expiresAt, account, device }
}

async function provePassword(
  { store, opaque }: Pick<Deps, 'store' | 'opaque'>,
  { signInId, finishLoginRequest }: FinishSignIn,
): Promise<string> {
  const signIn = await store.signIns.takeSignIn(signInId)
  if (signIn === null) throw new WrongPasswordError(0)
  const { clientId, username, attemptKey, state, isExpired } = signIn
  // Proved even for a name that does not exist, which can never succeed: the same work for both.
  const isProven = await opaque.finishLogin({ username, state, finishLoginRequest })
  if (!isProven || isExpired || clientId === null)
    throw new WrongPasswordError(await findAttemptsLeft({ store }, attemptKey))
  await store.attempts.deleteAttempts(attemptKey)
  return clientId
}

async function findProvenDevice(
  { store }: Pick<Deps, 'store'>,
  clientId: string,
  { signInId, deviceId, deviceProof }: FinishSignIn,
): Promise<AccountDevice | null> {
  if (deviceId === null || deviceProof === null) return null
  const device = await store.accounts.findDevice(deviceId)
  const isCurrent = device !== null && device.clientId === clientId && device.revokedIn === null
  const signature = deviceProof
  if (
    !isCurrent ||
    !isSignInProof({ signingKey: device.signingKey, signature, signInId, deviceId })
  )
    throw new ForbiddenError(
      'This is not a device of the account any more. Sign in without it, as a new device.',
    )
  return device
}
