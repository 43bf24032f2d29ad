import type { Bytes } from '../brands.ts'
import { randomBytes } from './bytes.ts'

const ivLength = 12

export interface AeadBox {
  readonly iv: Bytes
  readonly ciphertext: Bytes
}

export async function importAesKey(raw: Bytes, usage: 'encrypt' | 'decrypt'): Promise<CryptoKey> {
  return globalThis.crypto.subtle.importKey('raw', raw, 'AES-GCM', false, [usage])
}

export async function encryptAes(
  key: CryptoKey,
  plaintext: Bytes,
  additionalData: Bytes,
): Promise<AeadBox> {
  const iv = randomBytes(ivLength)
  const ciphertext = await globalThis.crypto.subtle.encrypt(
    { name: 'AES-GCM', iv, additionalData, tagLength: 128 },
    key,
    plaintext,
  )
  return { iv, ciphertext: new Uint8Array(ciphertext) }
}

/** Throws, and gives no part of the plaintext, if a bit of box or additional data was changed. */
export async function decryptAes(
  key: CryptoKey,
  { iv, ciphertext }: AeadBox,
  additionalData: Bytes,
): Promise<Bytes> {
  const plaintext = await globalThis.crypto.subtle.decrypt(
    { name: 'AES-GCM', iv, additionalData, tagLength: 128 },
    key,
    ciphertext,
  )
  return new Uint8Array(plaintext)
}
