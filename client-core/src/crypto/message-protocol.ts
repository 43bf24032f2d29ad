import type { Bytes, Plaintext, Sealed, Username } from '../brands.ts'
import type { DeviceKeys } from './device-keys.ts'
import type { DeviceList } from './device-list.ts'

export type ProtocolName = 'RSA_V1'

export type MessageKind = 'text' | 'file'

/** A state of a group: the entry of this version, by its hash. */
export interface RosterPoint {
  readonly version: number
  readonly hash: Bytes
}

export interface MessageHeader {
  readonly conversation: string
  /** In groups, and only there: the roster that the sender knew. Two heads show themselves by it. */
  readonly roster?: RosterPoint
  /** UUIDv7 made by the sending device; also the `clientMessageId`. */
  readonly messageId: string
  readonly senderUser: Username
  readonly senderDevice: string
  /** Ascending by user. The sender's own other devices are among them, never the sending one. */
  readonly recipients: readonly Recipient[]
  /** The sender's clock, in milliseconds. A hint: only the server's clock decides expiry. */
  readonly sentAt: number
  readonly ttlMs: number
  readonly kind: MessageKind
  /** Header hash of this device's previous message in the conversation; empty for the first. */
  readonly prevHash: Bytes
  readonly keyCommit: Bytes
}

export interface Recipient {
  readonly user: Username
  readonly deviceListVersion: number
  /** Device ids, ascending. */
  readonly devices: readonly string[]
}

export interface SealRequest {
  readonly content: Plaintext
  readonly conversation: string
  /** In groups, and only there. */
  readonly roster?: RosterPoint
  readonly messageId: string
  readonly kind: MessageKind
  readonly sentAt: number
  readonly ttlMs: number
  readonly prevHash: Bytes
  readonly sender: {
    readonly user: Username
    readonly deviceId: string
    readonly keys: DeviceKeys
  }
  /** Every account that shall read it, with the sender's own list if it has other devices. */
  readonly recipients: readonly DeviceList[]
}

export interface SealedMessage {
  /** The same for all recipient devices. */
  readonly envelope: Sealed
  /** The message key, once for each recipient device. */
  readonly wraps: readonly { readonly deviceId: string; readonly wrap: Sealed }[]
  /** `prevHash` of this device's next message in the conversation. */
  readonly headerHash: Bytes
}

export interface OpenRequest {
  readonly envelope: Bytes
  readonly wrap: Bytes
  readonly me: {
    readonly user: Username
    readonly deviceId: string
    readonly keys: DeviceKeys
  }
  /**
   * The sender's verified device list, fetched anew if it does not hold the device. Returns
   * `undefined` if there is none; what it throws (no network) passes through `open` unchanged, so
   * that a message is tried again and not taken for an unreadable one.
   */
  readonly lookUpSender: (user: Username, deviceId: string) => Promise<DeviceList | undefined>
  /** If given, a message for another conversation is refused. */
  readonly conversation?: string
}

export interface OpenedMessage {
  readonly header: MessageHeader
  readonly content: Plaintext
  /** Whoever the verified signature says, never a field of the plaintext. */
  readonly senderUser: Username
  readonly senderDevice: string
  /** For the replay table. */
  readonly headerHash: Bytes
}

/** How messages of a conversation are protected. A conversation names its protocol. */
export interface MessageProtocol {
  readonly name: ProtocolName
  seal(request: SealRequest): Promise<SealedMessage>
  /** Throws `UndecryptableError`, the same whatever is wrong with the message. */
  open(request: OpenRequest): Promise<OpenedMessage>
}

/** One text and no cause: which check failed is what an attacker would like to learn. */
export class UndecryptableError extends Error {
  override readonly name = 'UndecryptableError'

  constructor() {
    super('This message cannot be decrypted. Ask the sender to send it again.')
  }
}
