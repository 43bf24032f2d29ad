import { memoryKeyStore, memoryStorage } from '@fastchat/client-core'
import { createStorageKey } from '../../client-core/src/crypto/local-record.ts'
import { openRecordStore } from '../../client-core/src/sync/record-store.ts'
import type { Account } from './account.ts'
import type { Installation } from './people.ts'

/** A client on which the owner of this account is signed in: `resume` goes on with it. */
export async function installationOf(account: Account): Promise<Installation> {
  const { username, deviceId, token } = account
  const storage = memoryStorage()
  const keys = memoryKeyStore()
  const storageKey = await createStorageKey({ extractable: false })
  await keys.save({ device: account.keys, storageKey })
  const store = await openRecordStore(storage, storageKey)
  await store.update(async (transaction) => {
    const record = { username, deviceId, token, isRegistered: true, vaultVersion: 1 }
    transaction.put('session', { name: '' }, record)
  })
  return { storage, keys }
}
