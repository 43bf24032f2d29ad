import type { KeyStore } from '@fastchat/client-core'
import type { ChatDatabase } from './database.ts'

const place = 'device'

/** Keeps the `CryptoKey`s as they are: no script can take the secret part of one out of the browser. */
export function idbKeyStore(database: ChatDatabase): KeyStore {
  const change = async (apply: (store: KeysStore) => Promise<unknown>) => {
    const transaction = database.transaction('keys', 'readwrite', { durability: 'strict' })
    await Promise.all([apply(transaction.store), transaction.done])
  }
  return {
    needsExtractableKeys: false,
    load: () => database.get('keys', place),
    save: (keys) => change((store) => store.put(keys, place)),
    clear: () => change((store) => store.delete(place)),
  }
}

type KeysStore = ReturnType<typeof keysStoreOf>
function keysStoreOf(database: ChatDatabase) {
  return database.transaction('keys', 'readwrite').store
}
