import type { Bytes, Sealed } from '../brands.ts'
import { decryptAes, encryptAes } from './aead.ts'
import { concat, utf8 } from './bytes.ts'
import type { SecretBytes } from './secret-bytes.ts'

const formatVersion = Uint8Array.of(1)
const ivEnd = 13

/** Where a record lives. Bound into the ciphertext, so it cannot be moved elsewhere. */
export interface RecordPlace {
  readonly collection: string
  readonly key: string
}

/** A browser passes `extractable: false` and keeps the `CryptoKey` itself in IndexedDB. */
export async function createStorageKey(options: {
  readonly extractable: boolean
}): Promise<CryptoKey> {
  return globalThis.crypto.subtle.generateKey(
    { name: 'AES-GCM', length: 256 },
    options.extractable,
    ['encrypt', 'decrypt'],
  )
}

export async function importStorageKey(secret: SecretBytes): Promise<CryptoKey> {
  return secret.expose((raw) =>
    globalThis.crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']),
  )
}

export async function sealRecord(
  storageKey: CryptoKey,
  place: RecordPlace,
  content: Bytes,
): Promise<Sealed> {
  const { iv, ciphertext } = await encryptAes(storageKey, content, additionalData(place))
  return concat(formatVersion, iv, ciphertext) as Sealed
}

/** Returns `undefined`, does not throw, if the record is damaged or stood in another place. */
export async function openRecord(
  storageKey: CryptoKey,
  place: RecordPlace,
  sealed: Bytes,
): Promise<Bytes | undefined> {
  if (sealed[0] !== formatVersion[0]) return undefined
  const box = { iv: sealed.slice(1, ivEnd), ciphertext: sealed.slice(ivEnd) }
  try {
    return await decryptAes(storageKey, box, additionalData(place))
  } catch {
    return undefined
  }
}

function additionalData({ collection, key }: RecordPlace): Bytes {
  if (collection.includes('\0')) throw new Error('"collection" expected no zero character')
  return concat(utf8(collection), Uint8Array.of(0), utf8(key), formatVersion)
}
