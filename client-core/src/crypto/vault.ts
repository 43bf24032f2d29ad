import type { Bytes, Sealed, Username } from '../brands.ts'
import { decryptAes, encryptAes, importAesKey } from './aead.ts'
import { noBytes, utf8 } from './bytes.ts'
import { encodeCanonical } from './canonical-cbor.ts'
import { publicKeyLength } from './context-signature.ts'
import { type Identity, importIdentity } from './identity.ts'
import { SecretBytes } from './secret-bytes.ts'
import { bytes, bytesOf, integer, oneOf, parseCanonical, record } from './shape.ts'

const keyInfo = utf8('fastchat/vault/v1')
const anyVersion = { min: 1, max: Number.MAX_SAFE_INTEGER }

const vaultShape = record({
  v: oneOf(1),
  version: integer(anyVersion),
  iv: bytesOf(12),
  ciphertext: bytes({ min: 17, max: 4096 }),
})

const contentShape = record({
  identityKey: bytesOf(publicKeyLength),
  identitySecret: bytes({ min: 1, max: 1024 }),
})

export interface VaultOwner {
  readonly username: Username
  /** The password's secret from OPAQUE, which the server never has. */
  readonly exportKey: SecretBytes
}

export type VaultResult =
  | { readonly kind: 'opened'; readonly identity: Identity; readonly version: number }
  | { readonly kind: 'refused'; readonly reason: 'damaged' | 'rolled-back' }

/** Locks the identity key for keeping on a server that cannot open it. */
export async function sealVault(
  owner: VaultOwner,
  identity: Identity,
  version: number,
): Promise<Sealed> {
  const key = await vaultKey(owner.exportKey, 'encrypt')
  const content = identity.secret.expose((identitySecret) =>
    encodeCanonical({ identityKey: identity.publicKey, identitySecret }),
  )
  const box = await encryptAes(key, content, additionalData(owner.username, version))
  content.fill(0)
  return encodeCanonical({ v: 1, version, ...box }) as Sealed
}

/**
 * Returns the identity, or why not; never a key that any bit of the vault could have bent (T15).
 * `minVersion` is the highest version this device has seen.
 */
export async function openVault(
  owner: VaultOwner,
  vault: Bytes,
  minVersion: number,
): Promise<VaultResult> {
  try {
    const { version, iv, ciphertext } = parseCanonical(vault, vaultShape)
    const key = await vaultKey(owner.exportKey, 'decrypt')
    const opened = await decryptAes(
      key,
      { iv, ciphertext },
      additionalData(owner.username, version),
    )
    const { identityKey, identitySecret } = parseCanonical(opened, contentShape)
    opened.fill(0)
    if (version < minVersion) return { kind: 'refused', reason: 'rolled-back' }
    const identity = await importIdentity(identityKey, new SecretBytes(identitySecret))
    return { kind: 'opened', identity, version }
  } catch {
    return { kind: 'refused', reason: 'damaged' }
  }
}

async function vaultKey(exportKey: SecretBytes, usage: 'encrypt' | 'decrypt'): Promise<CryptoKey> {
  const { subtle } = globalThis.crypto
  const material = await exportKey.expose((raw) =>
    subtle.importKey('raw', raw, 'HKDF', false, ['deriveBits']),
  )
  // RFC 5869 §3.1: no salt, because the export key is already uniformly random and secret.
  const derivation = { name: 'HKDF', hash: 'SHA-256', salt: noBytes, info: keyInfo }
  const raw = new Uint8Array(await subtle.deriveBits(derivation, material, 256))
  const key = await importAesKey(raw, usage)
  raw.fill(0)
  return key
}

function additionalData(username: Username, version: number): Bytes {
  return encodeCanonical({ purpose: 'vault', username, version })
}
