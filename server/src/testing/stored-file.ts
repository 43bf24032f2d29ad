import { randomBytes, randomUUID } from 'node:crypto'
import { createFileStore } from '../store/files.ts'
import { database, type Person } from './message-store.ts'

export const fileQuota = { openUploads: 8, liveBytes: 64 * 1024 * 1024 }

/** The file store of one server; called again, that of another. */
export const fileStore = (messageTtlMs = 120_000) => createFileStore(database, { messageTtlMs })

const chunkBytes = 65_552

/** A sealed file, as far as a server can tell: random bytes in chunks. */
export function sealedFile(owner: Person, size = chunkBytes + 1000) {
  const bytes = randomBytes(size)
  const { clientId, deviceId } = owner
  const chunkCount = Math.ceil(size / chunkBytes)
  const upload = { fileId: randomUUID(), clientId, deviceId, size, chunkCount }
  const chunks = Array.from({ length: chunkCount }, (_, index) => {
    const data = bytes.subarray(index * chunkBytes, (index + 1) * chunkBytes)
    return { fileId: upload.fileId, deviceId, index, data }
  })
  return { upload, chunks, bytes }
}

export type SealedFile = ReturnType<typeof sealedFile>

/** Every chunk of it lies there, and nobody has sent it. */
export async function uploaded(owner: Person, size?: number): Promise<SealedFile> {
  const file = sealedFile(owner, size)
  const files = fileStore()
  await files.start(file.upload, fileQuota)
  await Promise.all(file.chunks.map((chunk) => files.putChunk(chunk)))
  return file
}

/** What somebody gets of it, put together. */
export async function readAll(who: Person, { upload, chunks }: SealedFile): Promise<Buffer> {
  const { fileId } = upload
  const files = fileStore()
  const read = await Promise.all(
    chunks.map(({ index }) => files.readChunk({ ...who, fileId, index })),
  )
  return Buffer.concat(read.map((chunk) => chunk?.data ?? Buffer.from('missing')))
}

/** Moves all files into the past, so that no test waits. */
export async function letTimePass(ms: number): Promise<void> {
  await database.pool.query(
    `UPDATE files SET started_at = started_at - make_interval(secs => $1::float8 / 1000),
      expires_at = expires_at - make_interval(secs => $1::float8 / 1000)`,
    [ms],
  )
  await database.pool.query(
    "UPDATE sweeper SET swept_until = '-infinity', last_run_at = '-infinity'",
  )
}
