import type { ChatOperations } from '../api/chat-api.ts'
import { chunkCountOf, chunkShape, sealedFileSize } from '../crypto/file-chunks.ts'
import { ChatError, hasCode } from '../errors.ts'
import { decodeFile } from './file-content.ts'
import { chunkOf } from './file-store.ts'
import { eachInFlight } from './in-flight.ts'
import type { RecordStore } from './record-store.ts'
import type { OutboxRecord } from './records.ts'

/** Few enough that messages still find a place among the operations of a socket. */
const maxInFlight = 4

export interface UploadPorts {
  readonly store: RecordStore
  readonly operations: ChatOperations
  readonly onProgress: (done: number, of: number) => void
}

/**
 * Hands the servers what they do not have yet of a file. To begin is the same call as to go on, on
 * whichever server: it answers with the chunks that are there.
 */
export async function uploadFile(
  { store, operations, onProgress }: UploadPorts,
  { messageId, content }: OutboxRecord,
): Promise<void> {
  const secret = decodeFile(content)?.secret
  if (secret === undefined) throw new Error('unreachable: what is sent was encoded here')
  const { fileId, size } = secret
  const chunkCount = chunkCountOf(size)
  const begun = await operations.startUpload({ fileId, size: sealedFileSize(size), chunkCount })
  const there = new Set(begun.receivedChunks)
  const missing = Array.from({ length: chunkCount }, (_, index) => index).filter(
    (index) => !there.has(index),
  )
  let done = size - missing.reduce((sum, index) => sum + chunkShape(size, index).bytes, 0)
  onProgress(done, size)
  await eachInFlight(missing, maxInFlight, async (index) => {
    const data = await chunkOf(store, { id: messageId }, index)
    if (data === undefined) throw new Error('unreachable: chunks are stored with their message')
    await operations.uploadChunk({ fileId, index, data }).catch(beginAgain)
    done += chunkShape(size, index).bytes
    onProgress(done, size)
  })
}

/** Begun too long ago, it is gone from the servers. That is no refusal: it can begin afresh. */
function beginAgain(error: unknown): never {
  if (!hasCode(error, 'NOT_FOUND')) throw error
  throw new ChatError('SERVICE_UNAVAILABLE', 'The upload took too long. It begins again.')
}
