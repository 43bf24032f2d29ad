import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type { KeyStore } from '@fastchat/client-core'
import { decodeKeys, encodeKeys } from '../../client-cli/src/profile/stored-keys.ts'
import { sqliteStorage } from '../../client-cli/src/storage/sqlite-storage.ts'
import { createStorageKey } from '../../client-core/src/crypto/local-record.ts'
import { openRecordStore } from '../../client-core/src/sync/record-store.ts'
import type { Account } from './account.ts'
import type { Installation } from './people.ts'

/** A client on a real disk, for several processes one after the other. */
export interface ClientFolder extends AsyncDisposable {
  readonly path: string
}

/** Signs the owner of an account in, without a process yet. */
export async function createClientFolder(account: Account): Promise<ClientFolder> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'fastchat-client-'))
  const { username, deviceId, token } = account
  const storageKey = await createStorageKey({ extractable: true })
  const { storage, keys } = await openClientFolder(folder)
  await keys.save({ device: account.keys, storageKey })
  await (await openRecordStore(storage, storageKey)).update(async (transaction) => {
    const record = { username, deviceId, token, isRegistered: true, vaultVersion: 1 }
    transaction.put('session', { name: '' }, record)
  })
  await storage.close()
  return {
    path: folder,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

export async function openClientFolder(folder: string): Promise<Installation> {
  return { storage: await sqliteStorage(path.join(folder, 'messages.db')), keys: keysIn(folder) }
}

/** The key file of the terminal client, open: what is tested here is not its lock. */
function keysIn(folder: string): KeyStore {
  const file = path.join(folder, 'keys')
  return {
    needsExtractableKeys: true,
    load: async () => (await decodeKeys(await readFile(file)))?.keys,
    save: async (keys) => writeFile(file, await encodeKeys({ url: '', keys })),
    clear: () => rm(file),
  }
}
