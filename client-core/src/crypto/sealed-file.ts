import type { Bytes, Sealed } from '../brands.ts'
import { importAesKey } from './aead.ts'
import { concat, equalBytes, randomBytes } from './bytes.ts'
import { chunkCountOf, chunkShape, fileChunkBytes, openChunk, sealChunk } from './file-chunks.ts'
import { sha256 } from './hash.ts'

/** What a receiver needs to know to open a file; it travels inside a signed message. */
export interface FileSecret {
  readonly fileId: string
  readonly key: Bytes
  /** Of the file itself, not of its chunks. */
  readonly size: number
  /** SHA-256 of all sealed chunks, one after the other. */
  readonly hash: Bytes
}

export interface SealedFile {
  readonly secret: FileSecret
  readonly chunks: readonly Sealed[]
}

/** Seals under a key that is made here and used for nothing else. */
export async function sealFile(fileId: string, content: Bytes): Promise<SealedFile> {
  const size = content.length
  if (size === 0) throw new Error('"content" expected at least one byte')
  const rawKey = randomBytes(32)
  const key = await importAesKey(rawKey, 'encrypt')
  const chunks = await Promise.all(
    Array.from({ length: chunkCountOf(size) }, (_, index) => {
      const { isLast, bytes } = chunkShape(size, index)
      const start = index * fileChunkBytes
      const plaintext = content.subarray(start, start + bytes)
      return sealChunk(key, { fileId, index, isLast }, plaintext)
    }),
  )
  return { secret: { fileId, key: rawKey, size, hash: await sha256(...chunks) }, chunks }
}

/**
 * Gives the file, or nothing of it. Returns `undefined`, does not throw, if a chunk was changed,
 * moved, left out, added or belongs to another file.
 */
export async function openFile(
  { fileId, key: rawKey, size, hash }: FileSecret,
  chunks: readonly Bytes[],
): Promise<Bytes | undefined> {
  const isWhole =
    chunks.length === chunkCountOf(size) &&
    chunks.every((chunk, index) => chunk.length === chunkShape(size, index).sealedBytes)
  if (!isWhole || !equalBytes(await sha256(...chunks), hash)) return undefined
  const key = await importAesKey(rawKey, 'decrypt')
  const opened = await Promise.all(
    chunks.map((chunk, index) => {
      return openChunk(key, { fileId, index, isLast: index === chunks.length - 1 }, chunk)
    }),
  )
  const parts = opened.filter((part) => part !== undefined)
  return parts.length === chunks.length ? concat(...parts) : undefined
}
