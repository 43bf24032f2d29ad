import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { createFileStore } from '../store/files.ts'
import { database, type Person } from './message-store.ts'

export const fileQuota = { openUploads: 8, liveBytes: 64 * 1024 * 1024 }

/** The file store of one server; called again, that of another. */
export const fileStore = (messageTtlMs = 120_000) => createFileStore(database, { messageTtlMs })

const chunkBytes = 65_552

/** A sealed file, as far as a server can tell: random bytes in chunks. */
export function sealedFile(owner: Person, size = chunkBytes + 1000) {
  const bytes = randomBytes(size)
  const chunkCount = Math.ceil(size / chunkBytes)
  const { clientId, deviceId } = owner
  const upload = { fileId: randomUUID(), clientId, deviceId, size, chunkCount }
  const chunks = Array.from({ length: chunkCount }, (_, index) => {
    const data = bytes.subarray(index * chunkBytes, (index + 1) * chunkBytes)
    return { fileId: upload.fileId, deviceId, index, data }
  })
  return { upload, chunks, hash: createHash('sha256').update(bytes).digest('hex') }
}

export type SealedFile = ReturnType<typeof sealedFile>

/** Starts the upload and stores every chunk. */
export async function uploaded(owner: Person, size?: number): Promise<SealedFile> {
  const file = sealedFile(owner, size)
  const files = fileStore()
  await files.start(file.upload, fileQuota)
  await Promise.all(file.chunks.map((chunk) => files.putChunk(chunk)))
  return file
}
