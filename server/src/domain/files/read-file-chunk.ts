import type { FileChunk } from '../../store/file-chunks.ts'
import type { Deps } from '../deps.ts'
import type { DeviceViewer } from '../viewer.ts'

/**
 * A chunk, for the devices that the file's message was stored for and for the account that sent it. Null for everybody else,
 * and just so for what is unknown, unsent or expired: the answer does not tell which.
 */
export async function readFileChunk(
  { store, chunkLimiter, fileCounters }: Pick<Deps, 'store' | 'chunkLimiter' | 'fileCounters'>,
  { clientId, deviceId }: DeviceViewer,
  { fileId, index }: { readonly fileId: string; readonly index: number },
): Promise<FileChunk | null> {
  await chunkLimiter.take(deviceId)
  const chunk = await store.files.readChunk({ fileId, index, clientId, deviceId })
  fileCounters.servedBytes += chunk?.data.length ?? 0
  return chunk
}
