import type { Username } from '../brands.ts'
import type { DeviceKeys } from '../crypto/device-keys.ts'
import type { SignedDeviceList } from '../crypto/device-list-changes.ts'
import { createStorageKey } from '../crypto/local-record.ts'
import { memoryStorage } from '../storage/memory-storage.ts'
import type { Storage } from '../storage/storage.ts'
import { type KeyStore, memoryKeyStore } from '../sync/key-store.ts'
import { openRecordStore } from '../sync/record-store.ts'
import type { FakeService } from './fake-service.ts'

export interface InstallOptions {
  readonly service: FakeService
  readonly username: Username
  readonly deviceId: string
  readonly keys: DeviceKeys
  readonly signedList: SignedDeviceList
}

export interface Installed {
  readonly storage: Storage
  readonly keys: KeyStore
}

/**
 * A client that is signed in, as it lies on a disk: `resume` goes on with it. Without a password,
 * which takes a second of Argon2, for tests that are about something else.
 */
export async function install(options: InstallOptions): Promise<Installed> {
  const { service, username, deviceId, signedList } = options
  const token = await service.addSession({
    username,
    deviceId,
    deviceList: signedList.bytes,
    deviceListSignature: signedList.signature,
  })
  const storage = memoryStorage()
  const keys = memoryKeyStore()
  const storageKey = await createStorageKey({ extractable: false })
  await keys.save({ device: options.keys, storageKey })
  const store = await openRecordStore(storage, storageKey)
  await store.update(async (transaction) => {
    const record = { username, deviceId, token, isRegistered: true, vaultVersion: 1 }
    transaction.put('session', { name: '' }, record)
  })
  return { storage, keys }
}
