import type { ConnectionState } from './connection-machine.ts'
import type { Group, GroupAlarm } from './groups/group-view.ts'
import type { ChatMessage, FileMessage } from './message-view.ts'
import type { SendState } from './send-state.ts'

export interface DeliveryNews {
  readonly id: string
  readonly state: SendState
  /** Where it stands now: being accepted gives it its place among the messages of others. */
  readonly position: string
}

export interface Transfer {
  /** Of the message. */
  readonly id: string
  readonly direction: 'up' | 'down'
  readonly done: number
  readonly of: number
}

/** What a client tells while it runs, by the name to listen to. */
export interface ChatEvents {
  /** A message arrived, from others or from another device of this account. It is stored. */
  readonly message: ChatMessage
  /** A message that this device sends has come further. */
  readonly delivery: DeliveryNews
  /** So many of the bytes of a file have been sent or fetched. */
  readonly transfer: Transfer
  /** The file of this message has come further: its `file.state` is another. */
  readonly file: FileMessage
  readonly connection: ConnectionState
  /** A group is new here, or it has changed. Its line in the conversation comes as a `message`. */
  readonly group: Group
  /** Something is wrong with a group: nothing is sent to it, and the person should know. */
  readonly 'group-alarm': GroupAlarm
  /** Sending to this person has stopped until `acceptKey`. */
  readonly 'key-changed': { readonly username: string }
  /** So many messages for this device expired before it could fetch them. */
  readonly missed: { readonly count: number }
  /** The devices of this account are no longer the same. */
  readonly 'devices-changed': { readonly version: number }
}
