import type { Bytes } from '../brands.ts'
import type { KeyRange, Storage, StorageChange, StorageLock, StoredEntry } from './storage.ts'

/** Forgets everything with the process: for tests, trials and bots that may start afresh. */
export function memoryStorage(): Storage {
  const collections = new Map<string, Map<string, Bytes>>()
  let isLocked = false

  return {
    get: async (collection, key) => copy(collections.get(collection)?.get(key)),
    list: async (range) => select(collections.get(range.collection) ?? new Map(), range),
    commit: async (changes) => {
      for (const change of changes) apply(collections, change)
    },
    lock: async (): Promise<StorageLock | undefined> => {
      if (isLocked) return undefined
      isLocked = true
      return {
        release: async () => {
          isLocked = false
        },
      }
    },
    close: async () => {
      isLocked = false
    },
  }
}

function apply(collections: Map<string, Map<string, Bytes>>, change: StorageChange): void {
  const entries = collections.get(change.collection) ?? new Map<string, Bytes>()
  collections.set(change.collection, entries)
  if (change.kind === 'put') entries.set(change.key, new Uint8Array(change.value))
  else entries.delete(change.key)
}

function select(entries: ReadonlyMap<string, Bytes>, range: KeyRange): readonly StoredEntry[] {
  const keys = [...entries.keys()]
    .filter((key) => range.from === undefined || key >= range.from)
    .filter((key) => range.before === undefined || key < range.before)
    .sort()
  if (range.direction === 'backward') keys.reverse()
  return keys.slice(0, range.limit).flatMap((key) => {
    const value = copy(entries.get(key))
    return value === undefined ? [] : [{ key, value }]
  })
}

// A caller that changes its bytes afterwards must not change what is stored.
function copy(value: Bytes | undefined): Bytes | undefined {
  return value === undefined ? undefined : new Uint8Array(value)
}
