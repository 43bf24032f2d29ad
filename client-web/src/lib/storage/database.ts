import type { StoredKeys } from '@fastchat/client-core'
import { type DBSchema, type IDBPDatabase, openDB } from 'idb'

/** Sealed values of the client core; the key is the pair, so a collection is one range of keys. */
interface ValueRow {
  readonly collection: string
  readonly key: string
  readonly value: Uint8Array<ArrayBuffer>
}

export interface ChatSchema extends DBSchema {
  values: { key: [string, string]; value: ValueRow }
  /** The `CryptoKey`s themselves: the browser keeps their secret part away from every script. */
  keys: { key: string; value: StoredKeys }
}

export type ChatDatabase = IDBPDatabase<ChatSchema>

export function openDatabase(name: string): Promise<ChatDatabase> {
  return openDB<ChatSchema>(name, 1, {
    upgrade(database) {
      database.createObjectStore('values', { keyPath: ['collection', 'key'] })
      database.createObjectStore('keys')
    },
    // A newer version of this app in another tab must not wait for this one.
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
  })
}
