import type { AccountAnswer, ChatApi } from '../api/chat-api.ts'
import { revokeDevice as withoutDevice } from '../crypto/device-list-changes.ts'
import { openAccountKeys } from './account-keys.ts'
import { type PasswordInput, type PasswordProof, provePassword } from './password-proof.ts'

export interface RevokeInput extends PasswordInput {
  readonly revokedId: string
  readonly minVaultVersion: number
}

export type Revocation =
  | { readonly kind: 'revoked'; readonly account: AccountAnswer }
  | Exclude<PasswordProof, { readonly kind: 'proven' }>

/**
 * Takes a device out of the account. It needs the password, because no device keeps the identity
 * key: whoever steals one cannot throw out the others.
 */
export async function revokeDevice(api: ChatApi, input: RevokeInput): Promise<Revocation> {
  const proof = await provePassword(api, input)
  if (proof.kind !== 'proven') return proof
  const { signedIn, exportKey } = proof
  const operations = api.http(input.url, signedIn.token)
  try {
    const { username, minVaultVersion, revokedId } = input
    const keys = await openAccountKeys(username, exportKey, signedIn.viewer, minVaultVersion)
    const signed = await withoutDevice(keys.identity, keys.list, revokedId)
    keys.identity.secret.wipe()
    const account = await operations.revokeDevice({
      deviceList: signed.bytes,
      deviceListSignature: signed.signature,
      deviceId: revokedId,
    })
    return { kind: 'revoked', account }
  } finally {
    exportKey.wipe()
    // The session was for this one act.
    await operations.signOut().catch(() => undefined)
  }
}
