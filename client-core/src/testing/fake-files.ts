import type { StartUpload, Upload, UploadChunk } from '../api/chat-api.ts'
import type { Bytes } from '../brands.ts'
import { ChatError } from '../errors.ts'
import type { Clock } from '../sync/clock.ts'

interface File {
  readonly owner: string
  readonly size: number
  readonly chunkCount: number
  readonly chunks: Map<number, Bytes>
  messageId: string | undefined
  readers: ReadonlySet<string>
  expiresAtMs: number
}

/** What a server that lies gives instead of a chunk. */
export type ChunkLie = (
  asked: { readonly fileId: string; readonly index: number },
  chunkOf: (fileId: string, index: number) => Bytes | null,
) => Bytes | null

/** The file store of the fake service, as strict as the real one where clients depend on it. */
export class FakeFiles {
  /** Every chunk in the order in which it reached the service, repeats included. */
  readonly uploaded: { readonly fileId: string; readonly index: number }[] = []
  readonly fetched: { readonly fileId: string; readonly index: number }[] = []
  readonly #clock: Clock
  readonly #ttlMs: number
  readonly #files = new Map<string, File>()
  #lie: ChunkLie | undefined

  constructor(clock: Clock, ttlMs: number) {
    this.#clock = clock
    this.#ttlMs = ttlMs
  }

  /** From now on, until it is called with nothing. */
  unsafeLie(lie?: ChunkLie): void {
    this.#lie = lie
  }

  start(owner: string, { fileId, size, chunkCount }: StartUpload): Upload {
    const known = this.#files.get(fileId)
    const isOver = known?.messageId === undefined && known !== undefined && this.#isExpired(known)
    if (known === undefined || isOver) {
      this.#files.set(fileId, {
        owner,
        size,
        chunkCount,
        chunks: new Map(),
        messageId: undefined,
        readers: new Set(),
        expiresAtMs: this.#clock.nowMs() + this.#ttlMs,
      })
      return { receivedChunks: [] }
    }
    if (known.owner !== owner || known.size !== size || known.messageId !== undefined) {
      throw new ChatError('CONFLICT', 'This id stands for another file.')
    }
    return { receivedChunks: [...known.chunks.keys()].toSorted((one, other) => one - other) }
  }

  put(owner: string, { fileId, index, data }: UploadChunk): void {
    const file = this.#files.get(fileId)
    if (file?.owner !== owner || file.messageId !== undefined || this.#isExpired(file)) {
      throw new ChatError('NOT_FOUND', 'There is no such upload.')
    }
    const isLast = index === file.chunkCount - 1
    const length = isLast ? file.size - index * 65_552 : 65_552
    if (data.length !== length || index >= file.chunkCount) {
      throw new ChatError('BAD_USER_INPUT', 'The file has no such chunk.')
    }
    this.uploaded.push({ fileId, index })
    file.chunks.set(index, new Uint8Array(data))
  }

  /** Throws unless it can be sent with this message. */
  check(owner: string, fileId: string, messageId: string): void {
    const file = this.#files.get(fileId)
    const isWhole = file?.chunks.size === file?.chunkCount
    if (file?.owner !== owner || !isWhole || this.#isExpired(file)) {
      throw new ChatError('NOT_FOUND', 'There is no such upload, or it is not complete.')
    }
    if (file.messageId !== undefined && file.messageId !== messageId) {
      throw new ChatError('CONFLICT', 'It was sent with another message.')
    }
  }

  send(fileId: string, messageId: string, readers: readonly string[], expiresAtMs: number): void {
    const file = this.#files.get(fileId)
    if (file === undefined) return
    file.messageId = messageId
    file.readers = new Set([file.owner, ...readers])
    file.expiresAtMs = expiresAtMs
  }

  read(reader: string, fileId: string, index: number): Bytes | null {
    this.fetched.push({ fileId, index })
    const file = this.#files.get(fileId)
    if (file?.readers.has(reader) !== true || this.#isExpired(file)) return null
    const chunkOf = (id: string, at: number) => this.#files.get(id)?.chunks.get(at) ?? null
    return this.#lie === undefined ? chunkOf(fileId, index) : this.#lie({ fileId, index }, chunkOf)
  }

  /** As the sweep leaves it. */
  forget(fileId: string): void {
    this.#files.delete(fileId)
  }

  get fileIds(): readonly string[] {
    return [...this.#files.keys()]
  }

  #isExpired({ expiresAtMs }: File): boolean {
    return expiresAtMs <= this.#clock.nowMs()
  }
}
