import type { ChatApi } from '../api/chat-api.ts'
import type { Storage } from '../storage/storage.ts'
import type { Clock, Random } from '../sync/clock.ts'
import type { KeyStore } from '../sync/key-store.ts'

export interface ChatClientOptions {
  /** Of the balancer, or of any server: `http://127.0.0.1:7680`. */
  readonly url: string
  readonly storage: Storage
  readonly keys: KeyStore
  /** For tests; the default speaks GraphQL over the network. */
  readonly api?: ChatApi
  /** For tests. */
  readonly clock?: Clock
  /** For tests. */
  readonly random?: Random
}

export interface SignUpOptions {
  readonly username: string
  readonly password: string
  /** What the other devices of the account call this one. */
  readonly deviceName?: string
}
