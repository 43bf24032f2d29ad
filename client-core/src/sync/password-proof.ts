import type { ChatApi, SignedIn } from '../api/chat-api.ts'
import type { Username } from '../brands.ts'
import type { DeviceKeys } from '../crypto/device-keys.ts'
import { proveSignIn } from '../crypto/device-proof.ts'
import { finishSignIn, startSignIn } from '../crypto/opaque.ts'
import type { SecretBytes } from '../crypto/secret-bytes.ts'
import { hasCode } from '../errors.ts'

export interface PasswordInput {
  readonly url: string
  readonly username: Username
  readonly password: string
  /** The device that this client is already, if the server may know it. */
  readonly device?: { readonly id: string; readonly keys: DeviceKeys }
}

export type PasswordProof =
  | { readonly kind: 'proven'; readonly signedIn: SignedIn; readonly exportKey: SecretBytes }
  | { readonly kind: 'wrong-password'; readonly attemptsLeft: number }
  /** The password is right, but the server does not know the device (any more). */
  | { readonly kind: 'unknown-device' }

/** Proves the password to a server that never sees it. The caller wipes the export key. */
export async function provePassword(api: ChatApi, input: PasswordInput): Promise<PasswordProof> {
  const { username, password, device } = input
  const operations = api.http(input.url)
  const { state, startLoginRequest } = await startSignIn(password)
  const started = await operations.startSignIn({ username, startLoginRequest })
  const { signInId, loginResponse } = started
  const finish = await finishSignIn({ username, password, state, loginResponse })
  if (finish.kind === 'wrong-password') {
    return { kind: 'wrong-password', attemptsLeft: started.attemptsLeft }
  }
  finish.sessionKey.wipe()
  try {
    const signedIn = await operations.finishSignIn({
      signInId,
      finishLoginRequest: finish.finishLoginRequest,
      ...(device !== undefined && { device: await deviceProof(device, signInId) }),
    })
    return { kind: 'proven', signedIn, exportKey: finish.exportKey }
  } catch (error) {
    finish.exportKey.wipe()
    // OPAQUE has just shown that the password is right, so it is the device that is refused.
    if (device !== undefined && hasCode(error, 'WRONG_PASSWORD', 'FORBIDDEN')) {
      return { kind: 'unknown-device' }
    }
    throw error
  }
}

async function deviceProof(
  { id, keys }: { readonly id: string; readonly keys: DeviceKeys },
  signInId: string,
) {
  return { deviceId: id, deviceProof: await proveSignIn(keys, { signInId, deviceId: id }) }
}
