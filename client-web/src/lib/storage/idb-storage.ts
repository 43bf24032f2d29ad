import type { KeyRange, Storage, StorageLock, StoredEntry } from '@fastchat/client-core'
import type { ChatDatabase } from './database.ts'

const onDisk = { durability: 'strict' } as const

/** The client core's storage in IndexedDB, with one writer among all tabs by a Web Lock. */
export function idbStorage(database: ChatDatabase): Storage {
  let lock: StorageLock | undefined

  return {
    async get(collection, key) {
      return (await database.get('values', [collection, key]))?.value
    },
    async list(range) {
      const rows =
        range.direction === 'backward'
          ? await newestFirst(database, range)
          : await database.getAll('values', bounds(range), range.limit)
      return rows.map(({ key, value }): StoredEntry => ({ key, value }))
    },
    async commit(changes) {
      const transaction = database.transaction('values', 'readwrite', onDisk)
      const requests = changes.map(({ collection, key, ...change }) =>
        change.kind === 'put'
          ? // Copied when the request is made, so the caller may wipe its array afterwards.
            transaction.store.put({ collection, key, value: change.value })
          : transaction.store.delete([collection, key]),
      )
      await Promise.all([...requests, transaction.done])
    },
    async lock() {
      const taken = await takeLock(`fastchat/storage/${database.name}`)
      lock = taken ?? lock
      return taken
    },
    async close() {
      database.close()
      await lock?.release()
    },
  }
}

function bounds({ collection, from = '', before }: KeyRange): IDBKeyRange {
  // Every array sorts behind every text, so this is the end of the collection.
  const end = before === undefined ? [collection, []] : [collection, before]
  // A range that ends before it begins is an error to IndexedDB and nothing to us.
  if (before !== undefined && before <= from) return IDBKeyRange.only([collection, '\u0000'])
  return IDBKeyRange.bound([collection, from], end, false, true)
}

async function newestFirst(database: ChatDatabase, range: KeyRange) {
  const limit = range.limit ?? Number.POSITIVE_INFINITY
  const rows = []
  const store = database.transaction('values').store
  let cursor = limit === 0 ? null : await store.openCursor(bounds(range), 'prev')
  while (cursor !== null) {
    rows.push(cursor.value)
    cursor = rows.length < limit ? await cursor.continue() : null
  }
  return rows
}

/** Held until it is released or the tab dies. */
function takeLock(name: string): Promise<StorageLock | undefined> {
  return new Promise((resolve, reject) => {
    const held = Promise.withResolvers<void>()
    const over = navigator.locks.request(name, { ifAvailable: true }, (granted) => {
      if (granted === null) {
        resolve(undefined)
        return undefined
      }
      resolve({
        async release() {
          held.resolve()
          await over
        },
      })
      return held.promise
    })
    over.catch(reject)
  })
}
