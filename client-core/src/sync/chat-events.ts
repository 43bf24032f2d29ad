import type { ConnectionState } from './connection-machine.ts'
import type { ChatMessage } from './message-view.ts'
import type { SendState } from './send-state.ts'

/** What a client tells while it runs, by the name to listen to. */
export interface ChatEvents {
  /** A message arrived, from others or from another device of this account. It is stored. */
  readonly message: ChatMessage
  /** A message that this device sends has come further. */
  readonly delivery: { readonly id: string; readonly state: SendState }
  readonly connection: ConnectionState
  /** Sending to this person has stopped until `acceptKey`. */
  readonly 'key-changed': { readonly username: string }
  /** So many messages for this device expired before it could fetch them. */
  readonly missed: { readonly count: number }
  /** The devices of this account are no longer the same. */
  readonly 'devices-changed': { readonly version: number }
}
