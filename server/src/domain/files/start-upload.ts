import type { Upload } from '../../store/uploads.ts'
import type { Deps } from '../deps.ts'
import {
  ConflictError,
  InvalidInputError,
  PayloadTooLargeError,
  RateLimitedError,
} from '../errors.ts'
import { limits } from '../limits.ts'
import type { DeviceViewer } from '../viewer.ts'

export interface StartUpload {
  readonly fileId: string
  readonly size: number
  readonly chunkCount: number
}

/** Makes room for a file. Repeating it finds what was received so far: that is how an upload goes on. */
export async function startUpload(
  { store, chunkLimiter }: Pick<Deps, 'store' | 'chunkLimiter'>,
  { clientId, deviceId }: DeviceViewer,
  { fileId, size, chunkCount }: StartUpload,
): Promise<Upload> {
  if (size > limits.fileBytes)
    throw new PayloadTooLargeError(
      limits.fileBytes,
      `A sealed file may have at most ${limits.fileBytes} bytes: 10 MiB before it is sealed.`,
    )
  const lastBytes = size - (chunkCount - 1) * limits.fileChunkBytes
  if (chunkCount !== Math.ceil(size / limits.fileChunkBytes))
    throw new InvalidInputError(
      'chunkCount',
      `"chunkCount" does not fit "size". Cut the file into sealed chunks of ${limits.fileChunkBytes} bytes.`,
    )
  if (lastBytes <= limits.fileTagBytes)
    throw new InvalidInputError(
      'size',
      '"size" leaves nothing for the last chunk but its tag. Seal at least one byte in it.',
    )
  await chunkLimiter.take(deviceId)

  const started = await store.files.start(
    { fileId, clientId, deviceId, size, chunkCount },
    { openUploads: limits.openUploads, liveBytes: limits.liveFileBytes },
  )

  switch (started.kind) {
    case 'started':
      return started.upload
    case 'taken':
      throw new ConflictError(
        'This fileId stands for another file. Upload this one under a new id.',
      )
    case 'full':
      throw new RateLimitedError(
        started.retryAfterMs,
        'Too much of what you uploaded is still kept. Send what is open, or wait until some of it has expired.',
      )
  }
}
