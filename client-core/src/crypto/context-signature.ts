import type { Bytes } from '../brands.ts'
import { concat, randomBytes, utf8 } from './bytes.ts'

/**
 * Everything a FastChat key ever signs begins with one of these labels, and none is the beginning
 * of another: what was signed for one purpose can then never be read as signed for another.
 * Internal to `crypto/`: a face that could sign bytes of its choice would undo that.
 */
export const signatureContexts = {
  deviceList: 'fastchat/device-list/v1',
  message: 'fastchat/rsa/v1',
  roster: 'fastchat/roster/v1',
  attach: 'fastchat/attach/v1',
  registerDevice: 'fastchat/register-device/v1',
  signIn: 'fastchat/sign-in/v1',
  pairCheck: 'fastchat/pair-check/v1',
} as const

export type SignatureContext = keyof typeof signatureContexts

export const publicKeyLength = 32
export const signatureLength = 64

export async function signInContext(
  context: SignatureContext,
  key: CryptoKey,
  ...parts: readonly Uint8Array[]
): Promise<Bytes> {
  const signature = await globalThis.crypto.subtle.sign('Ed25519', key, signedBytes(context, parts))
  return new Uint8Array(signature)
}

export async function verifyInContext(
  context: SignatureContext,
  publicKey: Bytes,
  signature: Bytes,
  ...parts: readonly Uint8Array[]
): Promise<boolean> {
  if (publicKey.length !== publicKeyLength || signature.length !== signatureLength) return false
  const key = await globalThis.crypto.subtle.importKey('raw', publicKey, 'Ed25519', false, [
    'verify',
  ])
  return globalThis.crypto.subtle.verify('Ed25519', key, signature, signedBytes(context, parts))
}

/** True if what the private key signs verifies under the public key. */
export async function isSigningPair(publicKey: Bytes, signingKey: CryptoKey): Promise<boolean> {
  const probe = randomBytes(32)
  const signature = await signInContext('pairCheck', signingKey, probe)
  return verifyInContext('pairCheck', publicKey, signature, probe)
}

function signedBytes(context: SignatureContext, parts: readonly Uint8Array[]): Bytes {
  return concat(utf8(signatureContexts[context]), ...parts)
}
