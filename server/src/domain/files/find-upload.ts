import type { Upload } from '../../store/uploads.ts'
import type { Deps } from '../deps.ts'
import type { DeviceViewer } from '../viewer.ts'

/** How far an upload of this device is; null for every other one. */
export async function findUpload(
  { store, chunkLimiter }: Pick<Deps, 'store' | 'chunkLimiter'>,
  { deviceId }: DeviceViewer,
  fileId: string,
): Promise<Upload | null> {
  await chunkLimiter.take(deviceId)
  return store.files.find(fileId, deviceId)
}
