import type { Bytes } from '../brands.ts'
import { equalBytes, randomBytes } from './bytes.ts'
import { encodeCanonical } from './canonical-cbor.ts'
import { isSigningPair, publicKeyLength } from './context-signature.ts'
import { decryptRsa, encryptRsa, rsaAlgorithm, rsaPublicKeyLength } from './rsa-oaep.ts'
import { SecretBytes } from './secret-bytes.ts'
import { bytes, bytesOf, oneOf, parseCanonical, record } from './shape.ts'

/** Plain data and `CryptoKey`s only, so IndexedDB stores it as it is. */
export interface DeviceKeys {
  /** RSA-OAEP-3072, as SPKI. */
  readonly encryptionKey: Bytes
  /** Ed25519, 32 raw bytes. */
  readonly signingKey: Bytes
  readonly privateKeys: {
    readonly decryption: CryptoKey
    readonly signing: CryptoKey
  }
}

const storedKeysShape = record({
  v: oneOf(1),
  encryptionKey: bytesOf(rsaPublicKeyLength),
  signingKey: bytesOf(publicKeyLength),
  decryption: bytes({ min: 1, max: 4096 }),
  signing: bytes({ min: 1, max: 256 }),
})

/**
 * Makes the two keys of a device. A browser passes `extractable: false`, so that no script can
 * ever carry a private key away; a terminal client needs `true` to write its encrypted key file.
 */
export async function generateDeviceKeys(options: {
  readonly extractable: boolean
}): Promise<DeviceKeys> {
  const { subtle } = globalThis.crypto
  const [encryption, signing] = await Promise.all([
    subtle.generateKey(
      { ...rsaAlgorithm, modulusLength: 3072, publicExponent: Uint8Array.of(1, 0, 1) },
      options.extractable,
      ['encrypt', 'decrypt'],
    ),
    subtle.generateKey('Ed25519', options.extractable, ['sign', 'verify']),
  ])
  return {
    encryptionKey: new Uint8Array(await subtle.exportKey('spki', encryption.publicKey)),
    signingKey: new Uint8Array(await subtle.exportKey('raw', signing.publicKey)),
    privateKeys: { decryption: encryption.privateKey, signing: signing.privateKey },
  }
}

/** The private halves as one secret for an encrypted key file. Throws on non-extractable keys. */
export async function exportDeviceKeys(keys: DeviceKeys): Promise<SecretBytes> {
  const { subtle } = globalThis.crypto
  const decryption = new Uint8Array(await subtle.exportKey('pkcs8', keys.privateKeys.decryption))
  const signing = new Uint8Array(await subtle.exportKey('pkcs8', keys.privateKeys.signing))
  const { encryptionKey, signingKey } = keys
  return new SecretBytes(encodeCanonical({ v: 1, encryptionKey, signingKey, decryption, signing }))
}

/** Throws if the secret is damaged or its halves do not belong together. */
export async function importDeviceKeys(
  secret: SecretBytes,
  options: { readonly extractable: boolean },
): Promise<DeviceKeys> {
  const { subtle } = globalThis.crypto
  const stored = secret.expose((secretBytes) => parseCanonical(secretBytes, storedKeysShape))
  const decryption = await subtle.importKey(
    'pkcs8',
    stored.decryption,
    rsaAlgorithm,
    options.extractable,
    ['decrypt'],
  )
  const signing = await subtle.importKey('pkcs8', stored.signing, 'Ed25519', options.extractable, [
    'sign',
  ])
  stored.decryption.fill(0)
  stored.signing.fill(0)
  const { encryptionKey, signingKey } = stored
  const keys = { encryptionKey, signingKey, privateKeys: { decryption, signing } }
  if (!(await isConsistent(keys))) {
    throw new Error('The device keys are damaged. Restore the key file or sign in as a new device.')
  }
  return keys
}

async function isConsistent(keys: DeviceKeys): Promise<boolean> {
  const probe = randomBytes(32)
  const label = randomBytes(32)
  const sealed = await encryptRsa(keys.encryptionKey, probe, label)
  const opened = await decryptRsa(keys.privateKeys.decryption, sealed, label)
  return (
    equalBytes(opened, probe) && (await isSigningPair(keys.signingKey, keys.privateKeys.signing))
  )
}
