// A file in chunks, each authenticated with its place: the STREAM construction of Hoang, Reyhanitabar,
// Rogaway and Vizár (CRYPTO 2015) with AES-256-GCM, whose last flag makes a cut-off file another file.
import type { Bytes, Sealed } from '../brands.ts'
import { concat, uint32, utf8 } from './bytes.ts'
import { uuidBytes } from './ids.ts'

export const fileChunkBytes = 65_536
const tagBytes = 16
const label = utf8('fastchat/file/v1')

/** Where a chunk stands. Bound into the ciphertext, so it holds nowhere else. */
export interface ChunkPlace {
  readonly fileId: string
  readonly index: number
  readonly isLast: boolean
}

/** How many chunks a file of so many bytes has. */
export function chunkCountOf(size: number): number {
  return Math.ceil(size / fileChunkBytes)
}

/** How many bytes the server keeps for it. */
export function sealedFileSize(size: number): number {
  return size + chunkCountOf(size) * tagBytes
}

/** What the chunk of this index has to be in a file of so many bytes. */
export function chunkShape(
  size: number,
  index: number,
): { readonly isLast: boolean; readonly bytes: number; readonly sealedBytes: number } {
  const isLast = index === chunkCountOf(size) - 1
  const bytes = isLast ? size - index * fileChunkBytes : fileChunkBytes
  return { isLast, bytes, sealedBytes: bytes + tagBytes }
}

/**
 * The nonce follows from the place, so a key must seal one file and no second one: `sealFile`, which
 * makes a key for each, is the only caller outside tests.
 */
export async function sealChunk(
  key: CryptoKey,
  place: ChunkPlace,
  plaintext: Bytes,
): Promise<Sealed> {
  const sealed = await globalThis.crypto.subtle.encrypt(algorithm(place), key, plaintext)
  return new Uint8Array(sealed) as Sealed
}

/** Returns `undefined`, does not throw, if a bit was changed or the chunk stood in another place. */
export async function openChunk(
  key: CryptoKey,
  place: ChunkPlace,
  sealed: Bytes,
): Promise<Bytes | undefined> {
  try {
    return new Uint8Array(await globalThis.crypto.subtle.decrypt(algorithm(place), key, sealed))
  } catch {
    return undefined
  }
}

function algorithm({ fileId, index, isLast }: ChunkPlace) {
  const last = Uint8Array.of(isLast ? 1 : 0)
  return {
    name: 'AES-GCM',
    iv: concat(new Uint8Array(7), last, uint32(index)),
    additionalData: concat(label, uuidBytes(fileId), uint32(index), last),
    tagLength: 128,
  }
}
