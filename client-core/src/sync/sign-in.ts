import type { ChatApi, ChatOperations, SignedIn } from '../api/chat-api.ts'
import type { Username } from '../brands.ts'
import { addDevice } from '../crypto/device-list-changes.ts'
import { proveRegistration } from '../crypto/device-proof.ts'
import { hasCode } from '../errors.ts'
import { type AccountKeys, openAccountKeys, ownList } from './account-keys.ts'
import type { NewDevice } from './new-device.ts'
import { type PasswordInput, type PasswordProof, provePassword } from './password-proof.ts'

export interface SignInInput {
  readonly url: string
  readonly username: Username
  readonly password: string
  readonly device: NewDevice
  /** False for a device of which the server cannot know yet. */
  readonly isRegistered: boolean
  readonly minVaultVersion: number
}

export type SignInOutcome =
  | {
      readonly kind: 'signed-in'
      readonly signedIn: SignedIn
      readonly vaultVersion: number
      /** The list as it is now, with this device in it. */
      readonly account: SignedIn['viewer']['account']
    }
  | Exclude<PasswordProof, { readonly kind: 'proven' }>

/** Signs in as the device that this client is, and adds the device to the account if it is new. */
export async function signIn(api: ChatApi, input: SignInInput): Promise<SignInOutcome> {
  const asKnown: PasswordInput = {
    ...input,
    device: { id: input.device.entry.id, keys: input.device.keys },
  }
  if (input.isRegistered) {
    return proven(await provePassword(api, asKnown), input, async (signedIn) => signedIn)
  }
  const { device: _device, ...asStranger } = asKnown
  return proven(await provePassword(api, asStranger), input, async (signedIn, keys) => {
    if (keys.list.devices.some(({ id }) => id === input.device.entry.id)) {
      // An earlier run died between the server's commit and its own: the device is there already.
      const again = await provePassword(api, asKnown)
      if (again.kind !== 'proven') return undefined
      again.exportKey.wipe()
      return again.signedIn
    }
    const operations = api.http(input.url, signedIn.token)
    const account = await register(operations, input, keys)
    return { ...signedIn, viewer: { ...signedIn.viewer, account } }
  })
}

async function proven(
  proof: PasswordProof,
  { username, minVaultVersion }: SignInInput,
  join: (signedIn: SignedIn, keys: AccountKeys) => Promise<SignedIn | undefined>,
): Promise<SignInOutcome> {
  if (proof.kind !== 'proven') return proof
  const { exportKey, signedIn: stranger } = proof
  try {
    const keys = await openAccountKeys(username, exportKey, stranger.viewer, minVaultVersion)
    try {
      const signedIn = await join(stranger, keys)
      if (signedIn === undefined) return { kind: 'unknown-device' }
      const { vaultVersion } = keys
      return { kind: 'signed-in', signedIn, vaultVersion, account: signedIn.viewer.account }
    } finally {
      keys.identity.secret.wipe()
    }
  } finally {
    exportKey.wipe()
  }
}

/** Two devices that join at once collide on the version; the later one adds itself to the newer. */
async function register(
  operations: ChatOperations,
  { username, device }: SignInInput,
  { identity, list }: AccountKeys,
) {
  const deviceId = device.entry.id
  let current = list
  for (let attempt = 1; ; attempt++) {
    const signed = await addDevice(identity, current, device.entry)
    try {
      return await operations.registerDevice({
        deviceList: signed.bytes,
        deviceListSignature: signed.signature,
        deviceId,
        deviceProof: await proveRegistration(device.keys, { username, deviceId }),
      })
    } catch (error) {
      if (!hasCode(error, 'CONFLICT', 'STALE_DEVICE_LIST') || attempt === 5) throw error
      current = await ownList(username, identity, (await operations.me()).account)
    }
  }
}
