import { randomUUID } from 'node:crypto'
import type { Deps } from '../deps.ts'
import { WrongPasswordError } from '../errors.ts'
import { countTry } from '../identity/attempts.ts'
import { limits } from '../limits.ts'
import { takeRate } from '../rate-limit.ts'
import { normalizeOperatorName, type Operator } from './operator.ts'
import { isPassword } from './operator-password.ts'
import { createOperatorToken } from './operator-token.ts'

export interface OperatorSignedIn {
  readonly token: string
  readonly name: string
  readonly expiresAt: Date
}

/** Counted like the tries of everybody else, on all servers together. Names that do not exist get the same work. */
export async function signInOperator(
  deps: Pick<Deps, 'store' | 'rates'>,
  network: string,
  input: { readonly name: string; readonly password: string },
): Promise<OperatorSignedIn> {
  const { store } = deps
  await takeRate(deps, 'startSignIn', network)
  const name = normalizeOperatorName(input.name)
  // No account's name has a colon in it: an operator's failures are not those of the account of that name.
  const { attemptKey, attemptsLeft } = await countTry(deps, `operator:${name ?? ''}`, network)
  const operator = name === null ? null : await store.operators.findOperator(name)
  const fits = await isPassword(input.password, operator?.passwordHash ?? null)
  if (operator === null || !fits) throw new WrongPasswordError(attemptsLeft)

  await store.attempts.deleteAttempts(attemptKey)
  const { token, tokenHash } = createOperatorToken()
  const expiresAt = await store.operators.insertSession({
    id: randomUUID(),
    tokenHash,
    operatorId: operator.id,
    lifetimeMs: limits.operatorSessionMs,
  })
  await note(store, operator.name, 'SIGNED_IN')
  return { token, name: operator.name, expiresAt }
}

export async function signOutOperator(
  { store }: Pick<Deps, 'store'>,
  operator: Operator,
): Promise<{ readonly signedOut: boolean }> {
  await store.operators.revokeSession(operator.sessionId)
  await note(store, operator.name, 'SIGNED_OUT')
  return { signedOut: true }
}

function note(store: Deps['store'], operator: string, action: 'SIGNED_IN' | 'SIGNED_OUT') {
  return store.audit.insertEntry({ operator, action, recipient: null })
}
