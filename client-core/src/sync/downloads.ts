import type { ChatOperations, Link } from '../api/chat-api.ts'
import { importAesKey } from '../crypto/aead.ts'
import { chunkCountOf, chunkShape, openChunk } from '../crypto/file-chunks.ts'
import type { FileSecret } from '../crypto/sealed-file.ts'
import { ChatError, closedError } from '../errors.ts'
import { askedDelayMs, backoffMs } from './backoff.ts'
import type { Clock, Random } from './clock.ts'
import { decodeFile } from './file-content.ts'
import { addOrigin } from './file-origins.ts'
import { chunksOf, deleteChunks, putChunk, storedFile } from './file-store.ts'
import type { FileState } from './file-view.ts'
import { eachInFlight } from './in-flight.ts'
import type { RecordStore, Transaction } from './record-store.ts'
import type { DownloadRecord, MessageRecord } from './records.ts'
import type { ServerClock } from './server-clock.ts'
import { placeName, type Timeline } from './timeline.ts'

/** A small picture does not wait behind large files for long. */
const maxFiles = 2
const maxInFlight = 4
/** Servers that fail all the time are asked this much longer than the file can be there. */
const patienceMs = 60_000

export interface DownloadsPorts {
  readonly store: RecordStore
  readonly timeline: Timeline
  readonly clock: Clock
  readonly random: Random
  readonly serverClock: ServerClock
  readonly link: () => Link | undefined
  readonly onProgress: (messageId: string, done: number, of: number) => void
  /** The file of this message has come further. */
  readonly onFile: (message: MessageRecord) => void
  readonly onBroken: (error: unknown) => void
}

type Verdict = Extract<FileState, 'ready' | 'expired' | 'damaged'>

/**
 * Fetches files as soon as their messages are stored, because the servers forget them soon. What is
 * still to be fetched stands in the store and is the only list: a restart goes on where it was.
 */
export class Downloads {
  readonly #ports: DownloadsPorts
  readonly #active = new Set<string>()
  readonly #endPauses = new Set<() => void>()
  #isClosed = false

  constructor(ports: DownloadsPorts) {
    this.#ports = ports
  }

  /** In the commit that stores the message, so that no file is forgotten between the two. */
  async expect(
    transaction: Transaction,
    { id, from, fromDevice, content }: MessageRecord,
    expiresAtMs: number,
  ): Promise<void> {
    if (from === undefined || fromDevice === undefined || !decodeFile(content)) return
    const origin = { id, from, fromDevice }
    transaction.put('download', { name: placeName(origin) }, { origin, expiresAtMs })
    await addOrigin(transaction, origin)
  }

  /** A link is live, or a file is expected: begins whatever can begin. */
  wake(): void {
    this.#fill().catch((error: unknown) => this.#failed(error))
  }

  close(): void {
    this.#isClosed = true
    for (const end of this.#endPauses) end()
  }

  async #fill(): Promise<void> {
    const waiting = await this.#ports.store.list('download', {})
    for (const download of waiting.toSorted((a, b) => a.expiresAtMs - b.expiresAtMs)) {
      const name = placeName(download.origin)
      if (this.#active.size >= maxFiles || this.#ports.link() === undefined) return
      if (this.#active.has(name) || this.#isClosed) continue
      this.#active.add(name)
      this.#fetch(download)
        .finally(() => this.#active.delete(name))
        .then(
          (isDone) => isDone && this.wake(),
          (error: unknown) => this.#failed(error),
        )
    }
  }

  /** True if it has ended; false if it waits for another link. */
  async #fetch(download: DownloadRecord): Promise<boolean> {
    const { store, serverClock, link } = this.#ports
    for (let failures = 0; ; failures++) {
      // The list may be older than the end of this one.
      const isWanted = await store.get('download', { name: placeName(download.origin) })
      if (isWanted === undefined) return true
      const operations = link()?.operations
      if (operations === undefined || this.#isClosed) return false
      try {
        await this.#attempt(download, operations)
        return true
      } catch (error) {
        if (!(error instanceof ChatError)) throw error
        if (this.#isClosed) return false
        if (serverClock.nowMs() > download.expiresAtMs + patienceMs) {
          await this.#end(download, 'expired')
          return true
        }
        await this.#pause(error, failures)
      }
    }
  }

  async #attempt(download: DownloadRecord, operations: ChatOperations): Promise<void> {
    const { timeline, store } = this.#ports
    const { origin } = download
    const message = await timeline.find(origin)
    const secret = message && decodeFile(message.content)?.secret
    if (secret === undefined) throw new Error('unreachable: only what was read is expected')
    if (message?.file !== 'downloading') await this.#change(download, 'downloading')
    const missing = await this.#fetchChunks(download, secret, operations)
    if (missing !== undefined) return this.#end(download, missing)
    const whole = await storedFile(store, origin, secret)
    await this.#end(download, whole === undefined ? 'damaged' : 'ready')
  }

  /** Returns why there will be no file, or `undefined` once every chunk is stored. */
  async #fetchChunks(
    { origin }: DownloadRecord,
    { fileId, key: rawKey, size }: FileSecret,
    operations: ChatOperations,
  ): Promise<'expired' | 'damaged' | undefined> {
    const { store, onProgress } = this.#ports
    const there = await chunksOf(store, origin)
    const key = await importAesKey(rawKey, 'decrypt')
    const indexes = Array.from({ length: chunkCountOf(size) }, (_, index) => index)
    const missing = indexes.filter((index) => !there.has(index))
    let done = size - missing.reduce((sum, index) => sum + chunkShape(size, index).bytes, 0)
    let reason: 'expired' | 'damaged' | undefined
    onProgress(origin.id, done, size)
    await eachInFlight(missing, maxInFlight, async (index) => {
      if (reason !== undefined) return
      if (this.#isClosed) throw closedError()
      const data = await operations.fileChunk({ fileId, index })
      if (data === null) {
        reason ??= 'expired'
        return
      }
      const { isLast, bytes, sealedBytes } = chunkShape(size, index)
      const isSound =
        data.length === sealedBytes && (await openChunk(key, { fileId, index, isLast }, data))
      if (!isSound) {
        reason = 'damaged'
        return
      }
      await store.update(async (transaction) => putChunk(transaction, origin, { index, data }))
      done += bytes
      onProgress(origin.id, done, size)
    })
    return reason
  }

  async #change(download: DownloadRecord, state: FileState): Promise<void> {
    const { store, timeline, onFile } = this.#ports
    const message = await store.update((transaction) => {
      return timeline.setFile(transaction, download.origin, state)
    })
    if (message !== undefined) onFile(message)
  }

  /** Of a file that does not come nothing is kept. */
  async #end({ origin }: DownloadRecord, state: Verdict): Promise<void> {
    const { store, timeline, onFile } = this.#ports
    const message = await store.update(async (transaction) => {
      transaction.delete('download', { name: placeName(origin) })
      const changed = await timeline.setFile(transaction, origin, state)
      const size = changed && decodeFile(changed.content)?.secret.size
      if (state !== 'ready') deleteChunks(transaction, origin, size ?? 0)
      return changed
    })
    if (message !== undefined) onFile(message)
  }

  #pause({ details }: ChatError, failures: number): Promise<void> {
    const { clock, random } = this.#ports
    const delayMs =
      details.retryAfterMs === undefined
        ? backoffMs(failures, random())
        : askedDelayMs(details.retryAfterMs, random)
    return new Promise((resolve) => {
      const end = () => {
        stopTimer()
        this.#endPauses.delete(end)
        resolve()
      }
      const stopTimer = clock.after(delayMs, end)
      this.#endPauses.add(end)
    })
  }

  #failed(error: unknown): void {
    if (!this.#isClosed) this.#ports.onBroken(error)
  }
}
