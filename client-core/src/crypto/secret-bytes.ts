import type { Bytes } from '../brands.ts'

/** Key material that prints itself as `[secret]`. Whoever made it wipes it. */
export class SecretBytes {
  readonly #bytes: Bytes

  /** Takes the bytes over: the caller keeps no other use of them. */
  constructor(bytes: Bytes) {
    this.#bytes = bytes
  }

  /** Lends the bytes to `use` and nowhere else; `use` neither returns nor stores them. */
  expose<T>(use: (bytes: Bytes) => T): T {
    return use(this.#bytes)
  }

  wipe(): void {
    this.#bytes.fill(0)
  }

  toJSON(): string {
    return '[secret]'
  }

  toString(): string {
    return '[secret]'
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[secret]'
  }
}
