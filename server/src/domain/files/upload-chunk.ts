import type { Upload } from '../../store/uploads.ts'
import type { Deps } from '../deps.ts'
import { ConflictError, InvalidInputError, NotFoundError } from '../errors.ts'
import { limits } from '../limits.ts'
import type { DeviceViewer } from '../viewer.ts'

export interface UploadChunk {
  readonly fileId: string
  readonly index: number
  readonly data: Uint8Array
}

/** Stores one sealed chunk. The answer comes after the commit; repeating it is harmless, at any server. */
export async function uploadChunk(
  { store, chunkLimiter, fileCounters }: Pick<Deps, 'store' | 'chunkLimiter' | 'fileCounters'>,
  { deviceId }: DeviceViewer,
  { fileId, index, data }: UploadChunk,
): Promise<Upload> {
  await chunkLimiter.take(deviceId)
  const stored = await store.files.putChunk({ fileId, deviceId, index, data })

  switch (stored.kind) {
    case 'stored':
      fileCounters.storedBytes += data.length
      return stored.upload
    case 'missing':
      throw new NotFoundError(
        'There is no such upload, or it has expired. Start it, then send its chunks.',
      )
    case 'misfit':
      throw new InvalidInputError(
        'data',
        `"data" does not fit its place. Every chunk has ${limits.fileChunkBytes} bytes, only the last has the rest of the size.`,
      )
    case 'other-bytes':
      throw new ConflictError(
        'Other bytes are stored at this place. Upload the changed file under a new id.',
      )
  }
}
