import type { Bytes } from '../brands.ts'
import { isSigningPair } from './context-signature.ts'
import { SecretBytes } from './secret-bytes.ts'

/** The key that names an account. It signs device lists and nothing else. */
export interface Identity {
  readonly publicKey: Bytes
  /** Not extractable: code that may sign a device list still cannot carry the key away. */
  readonly signingKey: CryptoKey
  /** The private key as PKCS#8, for the vault only. */
  readonly secret: SecretBytes
}

export async function createIdentity(): Promise<Identity> {
  const pair = await globalThis.crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])
  const publicKey = await globalThis.crypto.subtle.exportKey('raw', pair.publicKey)
  const secret = await globalThis.crypto.subtle.exportKey('pkcs8', pair.privateKey)
  return importIdentity(new Uint8Array(publicKey), new SecretBytes(new Uint8Array(secret)))
}

/** Throws if the two halves do not belong together: a key swapped in storage must never sign. */
export async function importIdentity(publicKey: Bytes, secret: SecretBytes): Promise<Identity> {
  const signingKey = await secret.expose((bytes) =>
    globalThis.crypto.subtle.importKey('pkcs8', bytes, 'Ed25519', false, ['sign']),
  )
  if (!(await isSigningPair(publicKey, signingKey))) {
    throw new Error('"publicKey" expected to belong to the private key')
  }
  return { publicKey, signingKey, secret }
}
