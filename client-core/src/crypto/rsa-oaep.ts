import type { Bytes } from '../brands.ts'
import { equalBytes } from './bytes.ts'

export const rsaAlgorithm = { name: 'RSA-OAEP', hash: 'SHA-256' } as const
export const rsaPublicKeyLength = 422
export const rsaCiphertextLength = 384

// The DER frame of every RSA-3072 key with exponent 65537 is the same; the modulus sits between.
const spkiStart = Uint8Array.of(
  ...[0x30, 0x82, 0x01, 0xa2, 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01],
  ...[0x01, 0x01, 0x05, 0x00, 0x03, 0x82, 0x01, 0x8f, 0x00, 0x30, 0x82, 0x01, 0x8a, 0x02, 0x82],
  ...[0x01, 0x81, 0x00],
)
const spkiEnd = Uint8Array.of(0x02, 0x03, 0x01, 0x00, 0x01)

/**
 * Checked when a device list is read: a member who publishes a short or broken key would otherwise
 * weaken his copy of the message key, or stop everyone from sending to a group.
 */
export function isRsa3072PublicKey(spki: Uint8Array): boolean {
  return (
    spki.length === rsaPublicKeyLength &&
    equalBytes(spki.subarray(0, spkiStart.length), spkiStart) &&
    ((spki[spkiStart.length] ?? 0) & 0x80) !== 0 &&
    equalBytes(spki.subarray(-spkiEnd.length), spkiEnd)
  )
}

export async function encryptRsa(spki: Bytes, plaintext: Bytes, label: Bytes): Promise<Bytes> {
  const { subtle } = globalThis.crypto
  const key = await subtle.importKey('spki', spki, rsaAlgorithm, false, ['encrypt'])
  return new Uint8Array(await subtle.encrypt({ name: 'RSA-OAEP', label }, key, plaintext))
}

export async function decryptRsa(key: CryptoKey, ciphertext: Bytes, label: Bytes): Promise<Bytes> {
  const plaintext = await globalThis.crypto.subtle.decrypt(
    { name: 'RSA-OAEP', label },
    key,
    ciphertext,
  )
  return new Uint8Array(plaintext)
}
