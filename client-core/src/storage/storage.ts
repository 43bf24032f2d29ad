import type { Bytes } from '../brands.ts'

/**
 * Where a client keeps what must survive it. Small, so that a file, SQLite or IndexedDB can be one.
 * Values arrive here encrypted. Every implementation passes `storage.contract.ts`.
 */
export interface Storage {
  /** Returns `undefined`, does not throw, if there is no such value. */
  get(collection: string, key: string): Promise<Bytes | undefined>
  list(range: KeyRange): Promise<readonly StoredEntry[]>
  /** All changes or none, and on disk before it resolves. Later changes of one key win. */
  commit(changes: readonly StorageChange[]): Promise<void>
  /**
   * Makes the caller the one writer, across processes and tabs. Returns `undefined`, does not wait,
   * if another holds the lock. The lock of a process that died is free.
   */
  lock(): Promise<StorageLock | undefined>
  /** Releases everything. The values stay. */
  close(): Promise<void>
}

/** Keys are printable ASCII, so that every backend puts them in the same order. */
export interface KeyRange {
  readonly collection: string
  /** The first key that counts. */
  readonly from?: string
  /** The first key that no longer counts. */
  readonly before?: string
  readonly direction?: 'forward' | 'backward'
  readonly limit?: number
}

export interface StoredEntry {
  readonly key: string
  readonly value: Bytes
}

export type StorageChange =
  | {
      readonly kind: 'put'
      readonly collection: string
      readonly key: string
      readonly value: Bytes
    }
  | { readonly kind: 'delete'; readonly collection: string; readonly key: string }

export interface StorageLock {
  release(): Promise<void>
}
