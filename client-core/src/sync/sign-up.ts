import type { ChatApi, SignedIn } from '../api/chat-api.ts'
import type { Username } from '../brands.ts'
import { createDeviceList, type SignedDeviceList } from '../crypto/device-list-changes.ts'
import { proveRegistration } from '../crypto/device-proof.ts'
import { createIdentity } from '../crypto/identity.ts'
import { finishSignUp, startSignUp } from '../crypto/opaque.ts'
import { sealVault } from '../crypto/vault.ts'
import type { NewDevice } from './new-device.ts'

export const firstVaultVersion = 1

export interface SignUpInput {
  readonly url: string
  readonly username: Username
  readonly password: string
  readonly device: NewDevice
}

export interface SignedUp {
  readonly signedIn: SignedIn
  readonly list: SignedDeviceList
}

/** Makes the account and its first device. The server sees neither the password nor a private key. */
export async function signUp(api: ChatApi, input: SignUpInput): Promise<SignedUp> {
  const { username, password, device } = input
  const operations = api.http(input.url)
  const { state, registrationRequest } = await startSignUp(password)
  const { registrationResponse } = await operations.startSignUp({ username, registrationRequest })
  const { registrationRecord, exportKey } = await finishSignUp({
    username,
    password,
    state,
    registrationResponse,
  })
  const identity = await createIdentity()
  try {
    const list = await createDeviceList(identity, username, device.entry)
    const signedIn = await operations.finishSignUp({
      username,
      registrationRecord,
      vault: await sealVault({ username, exportKey }, identity, firstVaultVersion),
      vaultVersion: firstVaultVersion,
      deviceList: list.bytes,
      deviceListSignature: list.signature,
      deviceId: device.entry.id,
      deviceProof: await proveRegistration(device.keys, { username, deviceId: device.entry.id }),
    })
    return { signedIn, list }
  } finally {
    exportKey.wipe()
    identity.secret.wipe()
  }
}
