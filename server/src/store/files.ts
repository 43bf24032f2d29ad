import type { Database } from './database.ts'
import {
  type ChunkRequest,
  type FileChunk,
  type NewChunk,
  putChunks,
  readChunks,
  type StoredChunk,
} from './file-chunks.ts'
import { groupCommit } from './group-commit.ts'
import {
  type FileQuota,
  findUploads,
  type NewUpload,
  type StartedUpload,
  startUpload,
  type Upload,
} from './uploads.ts'

export interface FileStore {
  /** Begins an upload, or finds the one that was begun. One that ended unsent begins anew. */
  start(upload: NewUpload, quota: FileQuota): Promise<StartedUpload>
  /** An upload of this device that has not expired. */
  find(fileId: string, deviceId: string): Promise<Upload | null>
  /** Stores a chunk durably, or says why not. Repeating it is harmless. Many callers share a commit. */
  putChunk(chunk: NewChunk): Promise<StoredChunk>
  /** A chunk of a file that was sent and has not expired, for who may have it. Many callers share a query. */
  readChunk(request: ChunkRequest): Promise<FileChunk | null>
}

export function createFileStore(
  { pool }: Database,
  { messageTtlMs }: { readonly messageTtlMs: number },
): FileStore {
  return {
    start: (upload, quota) => startUpload(pool, { upload, quota, messageTtlMs }),
    async find(fileId, deviceId) {
      const uploads = await findUploads(pool, [{ fileId, deviceId }])
      return uploads.get(`${fileId}/${deviceId}`) ?? null
    },
    // Few connections, so that messages never wait for files; few chunks at a time, so that no statement grows large.
    putChunk: groupCommit({ run: (batch) => putChunks(pool, batch), maxItems: 16, concurrency: 2 }),
    readChunk: groupCommit({
      run: (batch) => readChunks(pool, batch),
      maxItems: 16,
      concurrency: 2,
    }),
  }
}
