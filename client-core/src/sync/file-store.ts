import type { Bytes } from '../brands.ts'
import { chunkCountOf } from '../crypto/file-chunks.ts'
import { type FileSecret, openFile } from '../crypto/sealed-file.ts'
import { decodeFile } from './file-content.ts'
import { addOrigin, removeOrigin } from './file-origins.ts'
import type { RecordStore, Transaction } from './record-store.ts'
import type { FileOrigin, MessageRecord } from './records.ts'
import { type Origin, placeName } from './timeline.ts'

/**
 * The chunks of files as they travel, sealed under the file's own key and once more on the way to
 * the disk. By message and not by file id: senders choose those, and two could choose the same.
 */
export function putChunk(
  transaction: Transaction,
  origin: Origin,
  chunk: { readonly index: number; readonly data: Bytes },
): void {
  transaction.put('fileChunk', chunkKey(origin, chunk.index), chunk)
}

export function deleteChunks(transaction: Transaction, origin: Origin, size: number): void {
  for (let index = 0; index < chunkCountOf(size); index++) {
    transaction.delete('fileChunk', chunkKey(origin, index))
  }
}

/** What this device sends, in the commit that makes the message. */
export async function keepFile(
  transaction: Transaction,
  origin: FileOrigin,
  chunks: readonly Bytes[],
): Promise<void> {
  for (const [index, data] of chunks.entries()) putChunk(transaction, origin, { index, data })
  await addOrigin(transaction, origin)
}

/** Does nothing for a message without a file. */
export async function forgetFile(transaction: Transaction, message: MessageRecord): Promise<void> {
  const file = message.kind === 'file' ? decodeFile(message.content) : undefined
  if (file === undefined) return
  deleteChunks(transaction, message, file.secret.size)
  await removeOrigin(transaction, message)
}

export async function chunkOf(
  store: RecordStore,
  origin: Origin,
  index: number,
): Promise<Bytes | undefined> {
  return (await store.get('fileChunk', chunkKey(origin, index)))?.data
}

/** Those that are here, by their index. */
export async function chunksOf(
  store: RecordStore,
  origin: Origin,
): Promise<ReadonlyMap<number, Bytes>> {
  const records = await store.list('fileChunk', { name: placeName(origin) })
  return new Map(records.map(({ index, data }) => [index, data]))
}

/** Returns `undefined`, does not throw, unless every chunk is here and is what the sender sealed. */
export async function storedFile(
  store: RecordStore,
  origin: Origin,
  secret: FileSecret,
): Promise<Bytes | undefined> {
  const chunks = await chunksOf(store, origin)
  const inOrder = [...chunks].toSorted(([one], [other]) => one - other).map(([, data]) => data)
  return openFile(secret, inOrder)
}

function chunkKey(origin: Origin, index: number) {
  return { name: placeName(origin), order: String(index).padStart(5, '0') }
}
