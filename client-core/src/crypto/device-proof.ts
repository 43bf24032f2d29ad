import type { Bytes, Username } from '../brands.ts'
import { lengthPrefixed, utf8 } from './bytes.ts'
import { signInContext } from './context-signature.ts'
import type { DeviceKeys } from './device-keys.ts'
import { isDeviceId } from './ids.ts'

export interface AttachChallenge {
  readonly serverId: string
  readonly deviceId: string
  readonly challenge: Bytes
}

/**
 * Proves to one server that this device asks for its mailbox: a stolen session token alone reads
 * nothing. The server's id is signed, so no server can pass the proof on to another.
 */
export async function proveAttach(
  keys: DeviceKeys,
  { serverId, deviceId, challenge }: AttachChallenge,
): Promise<Bytes> {
  return signInContext(
    'attach',
    keys.privateKeys.signing,
    lengthPrefixed(utf8(serverId)),
    deviceIdBytes(deviceId),
    challenge,
  )
}

/** Proves that whoever registers a device for an account has its signing key. */
export async function proveRegistration(
  keys: DeviceKeys,
  { username, deviceId }: { readonly username: Username; readonly deviceId: string },
): Promise<Bytes> {
  return signInContext(
    'registerDevice',
    keys.privateKeys.signing,
    lengthPrefixed(utf8(username)),
    deviceIdBytes(deviceId),
  )
}

/** Proves, in a sign-in, that the device is the known one it says it is. */
export async function proveSignIn(
  keys: DeviceKeys,
  { signInId, deviceId }: { readonly signInId: string; readonly deviceId: string },
): Promise<Bytes> {
  return signInContext('signIn', keys.privateKeys.signing, utf8(signInId), deviceIdBytes(deviceId))
}

// Always 36 bytes, so what stands before or after it cannot be cut in another place.
function deviceIdBytes(deviceId: string): Bytes {
  if (!isDeviceId(deviceId)) throw new Error('"deviceId" expected a lower-case UUID')
  return utf8(deviceId)
}
