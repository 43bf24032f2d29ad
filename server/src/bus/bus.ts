/**
 * Notes between servers. A note is a hint: it may be lost, doubled or late, and nothing may depend on it.
 * The database is the truth; a note only says "look".
 */
export type Note =
  /** Something new is in this device's mailbox. */
  | { readonly kind: 'mailbox'; readonly deviceId: string }
  /** A new message itself, for the server of its readers: spares it the look where it is the next one. */
  | { readonly kind: 'message'; readonly message: NotedMessage }
  /** Deliveries to one device of messages that a device attached to you sent have ended. */
  | {
      readonly kind: 'outcomes'
      readonly senderDeviceId: string
      readonly deviceId: string
      /** At most 200: so many fit into a payload of every bus. */
      readonly messageIds: readonly string[]
      readonly state: 'DELIVERED' | 'EXPIRED'
      readonly at: number
    }
  /** This device is read somewhere else now; an attachment with another id is stale. */
  | { readonly kind: 'attachment'; readonly deviceId: string; readonly attachmentId: string }
  /** This session has ended: close its sockets. */
  | { readonly kind: 'session-revoked'; readonly sessionId: string }
  /** An account's device list has changed. */
  | {
      readonly kind: 'devices'
      readonly clientId: string
      readonly username: string
      readonly version: number
    }
  /** A group has a new roster, which concerns these accounts: members, and those it removed. */
  | {
      readonly kind: 'group'
      readonly groupId: string
      readonly version: number
      readonly clientIds: readonly string[]
    }

/** A stored message as it travels between servers: ciphertext, like everything they see. */
export interface NotedMessage {
  readonly senderDeviceId: string
  readonly senderServer: number
  readonly messageId: string
  readonly acceptedAt: Date
  readonly expiresAt: Date
  readonly envelope: Uint8Array
  /** One for each reader. A group has hundreds, and the envelope goes along once. */
  readonly copies: readonly NotedCopy[]
}

export interface NotedCopy {
  readonly deviceId: string
  readonly seq: bigint
  readonly wrappedKey: Uint8Array
}

export type NoteListener = (note: Note) => void

export interface Bus {
  /** Sends a note to one server. Returns at once; coalesced with others. */
  send(serverId: number, note: Note): void
  /** Sends a note to every server, this one included. */
  broadcast(note: Note): void
  /** Calls `listener` for each note to this server. Returns a function that ends it. */
  listen(listener: NoteListener): () => void
  state(): 'up' | 'down'
  close(): Promise<void>
}
