import { lengthPrefixed, utf8, verifyInContext } from './context-signature.ts'

interface Proof {
  readonly signingKey: Uint8Array
  readonly signature: Uint8Array
  /** A lower-case UUID: always 36 bytes, so it needs no length. */
  readonly deviceId: string
}

/** The device asks this one server for its mailbox, now. */
export function isAttachProof(
  proof: Proof & { readonly serverId: number; readonly challenge: Uint8Array },
): boolean {
  const { signingKey, signature, serverId, deviceId, challenge } = proof
  const server = lengthPrefixed(String(serverId))
  return verifyInContext('attach', signingKey, signature, server, utf8(deviceId), challenge)
}

/** Whoever registers the device has its signing key. */
export function isRegistrationProof(proof: Proof & { readonly username: string }): boolean {
  const { signingKey, signature, username, deviceId } = proof
  const name = lengthPrefixed(username)
  return verifyInContext('registerDevice', signingKey, signature, name, utf8(deviceId))
}

/** The device is the known one that this sign-in says it is. */
export function isSignInProof(proof: Proof & { readonly signInId: string }): boolean {
  const { signingKey, signature, signInId, deviceId } = proof
  return verifyInContext('signIn', signingKey, signature, utf8(signInId), utf8(deviceId))
}
