import type { AccountAnswer, Viewer } from '../api/chat-api.ts'
import type { Username } from '../brands.ts'
import { type DeviceList, verifyDeviceList } from '../crypto/device-list.ts'
import type { Identity } from '../crypto/identity.ts'
import type { SecretBytes } from '../crypto/secret-bytes.ts'
import { openVault } from '../crypto/vault.ts'
import { ChatError } from '../errors.ts'

export interface AccountKeys {
  readonly identity: Identity
  readonly list: DeviceList
  readonly vaultVersion: number
}

/**
 * Opens the vault and checks the device list against the identity in it: so that a server cannot
 * slip a device of its own into the list that this client is about to sign.
 */
export async function openAccountKeys(
  username: Username,
  exportKey: SecretBytes,
  viewer: Viewer,
  minVaultVersion: number,
): Promise<AccountKeys> {
  const vault = await openVault({ username, exportKey }, viewer.vault, minVaultVersion)
  if (vault.kind === 'refused') throw untrusted('vault')
  const list = await ownList(username, vault.identity, viewer.account)
  return { identity: vault.identity, list, vaultVersion: vault.version }
}

export async function ownList(
  username: Username,
  identity: Identity,
  answer: AccountAnswer,
): Promise<DeviceList> {
  const result = await verifyDeviceList(answer.deviceList, answer.deviceListSignature, {
    username,
    identityKey: identity.publicKey,
    minVersion: 0,
    seenHash: null,
  })
  if (result.kind === 'refused') throw untrusted('device list')
  return result.list
}

function untrusted(what: string): ChatError {
  return new ChatError(
    'UNTRUSTED_ANSWER',
    `The server gave a ${what} that does not belong to your password. Do not go on with it.`,
  )
}
