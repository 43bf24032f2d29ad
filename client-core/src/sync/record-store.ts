import type { Bytes } from '../brands.ts'
import { toBase64url } from '../crypto/base64url.ts'
import { randomBytes, utf8 } from '../crypto/bytes.ts'
import { type CborValue, decodeCanonical, encodeCanonical } from '../crypto/canonical-cbor.ts'
import { openRecord, sealRecord } from '../crypto/local-record.ts'
import { ChatError, closedError } from '../errors.ts'
import type { Storage, StorageChange } from '../storage/storage.ts'
import type { RecordTypes } from './records.ts'

type Collection = keyof RecordTypes

/** `name` is hidden in the storage, `order` is not: lists come in its order. */
export interface RecordKey {
  readonly name: string
  readonly order?: string
}

export interface RecordRange {
  /** Without it: every name. */
  readonly name?: string
  readonly before?: string
  readonly direction?: 'forward' | 'backward'
  readonly limit?: number
}

export interface Transaction {
  get<C extends Collection>(collection: C, key: RecordKey): Promise<RecordTypes[C] | undefined>
  put<C extends Collection>(collection: C, key: RecordKey, record: RecordTypes[C]): void
  delete(collection: Collection, key: RecordKey): void
}

/** The storage as encrypted, typed records with one writer at a time. */
export interface RecordStore {
  get<C extends Collection>(collection: C, key: RecordKey): Promise<RecordTypes[C] | undefined>
  list<C extends Collection>(collection: C, range: RecordRange): Promise<readonly RecordTypes[C][]>
  /**
   * Runs `work` alone: what it reads cannot change before what it writes is on disk, and all of it
   * is written or nothing. `work` must not wait for a network.
   */
  update<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>
  /** Resolves when what was under way is on disk. A later update rejects with `CLOSED`. */
  close(): Promise<void>
}

/** Throws `STORAGE_DAMAGED` if the storage belongs to another key. */
export async function openRecordStore(
  storage: Storage,
  storageKey: CryptoKey,
): Promise<RecordStore> {
  const records = new SealedRecords(storage, storageKey, await nameKey(storage, storageKey))
  let last: Promise<unknown> = Promise.resolve()
  let isClosed = false

  return {
    get: (collection, key) => records.get(collection, key),
    list: (collection, range) => records.list(collection, range),
    update(work) {
      if (isClosed) return Promise.reject(closedError())
      const run = last.then(() => runTransaction(records, work))
      last = run.catch(() => undefined)
      return run
    },
    async close() {
      isClosed = true
      await last
    },
  }
}

async function runTransaction<T>(
  records: SealedRecords,
  work: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  const changes = new Map<string, Change>()
  const id = (collection: Collection, key: RecordKey) =>
    JSON.stringify([collection, key.name, key.order])
  const result = await work({
    async get<C extends Collection>(collection: C, key: RecordKey) {
      const change = changes.get(id(collection, key))
      if (change === undefined) return records.get(collection, key)
      return change.record as RecordTypes[C] | undefined
    },
    put(collection, key, record) {
      changes.set(id(collection, key), { collection, key, record })
    },
    delete(collection, key) {
      changes.set(id(collection, key), { collection, key, record: undefined })
    },
  })
  if (changes.size > 0) await records.commit([...changes.values()])
  return result
}

interface Change {
  readonly collection: Collection
  readonly key: RecordKey
  readonly record: RecordTypes[Collection] | undefined
}

class SealedRecords {
  readonly #storage: Storage
  readonly #storageKey: CryptoKey
  readonly #nameKey: CryptoKey
  readonly #hiddenNames = new Map<string, string>()

  constructor(storage: Storage, storageKey: CryptoKey, nameKey: CryptoKey) {
    this.#storage = storage
    this.#storageKey = storageKey
    this.#nameKey = nameKey
  }

  async get<C extends Collection>(collection: C, key: RecordKey) {
    const stored = await this.#keyOf(key)
    const value = await this.#storage.get(collection, stored)
    return value === undefined ? undefined : this.#open(collection, stored, value)
  }

  async list<C extends Collection>(collection: C, { name, before, ...range }: RecordRange) {
    const prefix = name === undefined ? undefined : `${await this.#hide(name)}/`
    const entries = await this.#storage.list({
      collection,
      ...(prefix !== undefined && { from: prefix, before: `${prefix}${before ?? '~'}` }),
      ...range,
    })
    return Promise.all(entries.map(({ key, value }) => this.#open(collection, key, value)))
  }

  async commit(changes: readonly Change[]): Promise<void> {
    await this.#storage.commit(await Promise.all(changes.map((change) => this.#seal(change))))
  }

  async #seal({ collection, key: recordKey, record }: Change): Promise<StorageChange> {
    const key = await this.#keyOf(recordKey)
    if (record === undefined) return { kind: 'delete', collection, key }
    const content = encodeCanonical(record as unknown as CborValue)
    const value = await sealRecord(this.#storageKey, { collection, key }, content)
    content.fill(0)
    return { kind: 'put', collection, key, value }
  }

  async #open<C extends Collection>(collection: C, key: string, value: Bytes) {
    const content = await openRecord(this.#storageKey, { collection, key }, value)
    if (content === undefined) throw damaged()
    // Only this client has the key and it encodes nothing but records, so the type is a fact.
    return decodeCanonical(content) as unknown as RecordTypes[C]
  }

  async #keyOf({ name, order }: RecordKey): Promise<string> {
    return `${await this.#hide(name)}/${order ?? ''}`
  }

  /** Who talks to whom shall not stand in clear in a file name or an index either. */
  async #hide(name: string): Promise<string> {
    const known = this.#hiddenNames.get(name)
    if (known !== undefined) return known
    const mac = await globalThis.crypto.subtle.sign('HMAC', this.#nameKey, utf8(name))
    const hidden = toBase64url(new Uint8Array(mac, 0, 16))
    this.#hiddenNames.set(name, hidden)
    return hidden
  }
}

const collections: { readonly [C in Collection | 'store']: true } = {
  session: true,
  cursor: true,
  lastId: true,
  servers: true,
  account: true,
  conversation: true,
  message: true,
  place: true,
  outbox: true,
  replay: true,
  note: true,
  deliveries: true,
  group: true,
  roster: true,
  fileChunk: true,
  fileOrigins: true,
  download: true,
  store: true,
}

/** Deletes every record of every collection. */
export async function forgetRecords(storage: Storage): Promise<void> {
  for (const collection of Object.keys(collections)) {
    const entries = await storage.list({ collection })
    await storage.commit(entries.map(({ key }) => ({ kind: 'delete', collection, key })))
  }
}

async function nameKey(storage: Storage, storageKey: CryptoKey): Promise<CryptoKey> {
  const place = { collection: 'store', key: 'name-key' }
  const stored = await storage.get(place.collection, place.key)
  const raw = stored === undefined ? randomBytes(32) : await openRecord(storageKey, place, stored)
  if (raw === undefined) throw damaged()
  if (stored === undefined) {
    const value = await sealRecord(storageKey, place, raw)
    await storage.commit([{ kind: 'put', ...place, value }])
  }
  const key = await globalThis.crypto.subtle.importKey(
    'raw',
    raw,
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['sign'],
  )
  raw.fill(0)
  return key
}

function damaged(): ChatError {
  return new ChatError(
    'STORAGE_DAMAGED',
    'What is stored here cannot be read with the keys of this client. Restore both, or forget both and sign in again.',
  )
}
