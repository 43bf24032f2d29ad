import type { Addressee, Delivery } from '../api/chat-api.ts'
import type { Bytes, Username } from '../brands.ts'
import type { MessageKind } from '../crypto/message-protocol.ts'
import type { ReplayTable } from '../crypto/replay-table.ts'
import type { RosterState } from '../crypto/roster.ts'
import type { MemberDelivery } from './deliveries.ts'
import type { FileState } from './file-view.ts'
import type { GroupAlarmReason } from './groups/group-view.ts'
import type { SendState } from './send-state.ts'

/** What a client keeps, by collection. Every value is encrypted before it reaches the storage. */
export interface RecordTypes {
  readonly session: SessionRecord
  readonly cursor: CursorRecord
  readonly lastId: LastIdRecord
  readonly servers: ServersRecord
  readonly account: AccountRecord
  readonly conversation: ConversationRecord
  readonly message: MessageRecord
  readonly place: PlaceRecord
  readonly outbox: OutboxRecord
  readonly replay: ReplayTable
  readonly note: NoteRecord
  readonly deliveries: DeliveriesRecord
  readonly group: GroupRecord
  readonly roster: RosterRecord
  readonly fileChunk: FileChunkRecord
  readonly fileOrigins: FileOriginsRecord
  readonly download: DownloadRecord
}

export interface SessionRecord {
  readonly username: Username
  readonly deviceId: string
  /** Empty when signed out. */
  readonly token: string
  /** False until the server is known to have this device in the account's list. */
  readonly isRegistered: boolean
  readonly vaultVersion: number
}

/** Everything up to here is stored: the place in the mailbox from which to go on. */
export interface CursorRecord {
  readonly cursor: string
}

/** The newest message id of this device: the next one must be above it, whatever the clock says. */
export interface LastIdRecord {
  readonly messageId: string
}

/** The servers that worked last, best first: for when the balancer does not answer. */
export interface ServersRecord {
  readonly servers: readonly { readonly id: string; readonly url: string }[]
}

export interface AccountRecord {
  readonly username: Username
  /** Pinned at first contact; changes only when the person accepts another. */
  readonly identityKey: Bytes
  readonly version: number
  readonly hash: Bytes
  readonly deviceList: Bytes
  readonly signature: Bytes
  /** The person compared the safety number of this identity key. */
  readonly isVerified: boolean
  /** Signed changes of groups outlive the devices that signed them. */
  readonly formerDevices?: readonly { readonly id: string; readonly signingKey: Bytes }[]
  /** A list under another identity key, which waits for the person to accept it. */
  readonly offered?: { readonly deviceList: Bytes; readonly signature: Bytes }
}

export interface ConversationRecord {
  readonly conversation: string
  /** Absent for groups, and for the place where unreadable messages are shown. */
  readonly peer?: Username
  readonly groupName?: string
  readonly lastAtMs: number
  /** Header hash of this device's last accepted message: `prevHash` of its next. */
  readonly chainHead?: Bytes
}

export interface MessageRecord {
  readonly kind: MessageKind | 'unreadable' | 'group-change'
  readonly id: string
  readonly conversation: string
  readonly position: string
  /** Absent if unreadable: who sent it was never proven. */
  readonly from?: Username
  readonly fromDevice?: string
  readonly content: Bytes
  readonly sentAtMs: number
  readonly isMissingBefore: boolean
  readonly isLate: boolean
  /** Only of a message that this device sends. */
  readonly state?: SendState
  /** Only of a message that brings a file. */
  readonly file?: FileState
}

/** Where in the timeline a message stands. */
export interface PlaceRecord {
  readonly conversation: string
  readonly position: string
}

export interface OutboxRecord {
  readonly messageId: string
  readonly conversation: string
  /** Absent in groups. */
  readonly peer?: Username
  readonly kind: MessageKind
  readonly content: Bytes
  readonly createdAtMs: number
  /** Stored before it leaves, so that after an unknown result the same bytes go again. */
  readonly attempt?: SealedAttempt
  readonly deliveries: readonly Delivery[]
  /** Present once the server has accepted it. */
  readonly expiresAtMs?: number
  /** Why it waits for the person. */
  readonly heldBy?: 'KEY_CHANGED'
}

/** A piece of a file, sealed under the file's own key. */
export interface FileChunkRecord {
  readonly index: number
  readonly data: Bytes
}

/** Which messages with a file have this id. Senders choose ids, so there may be several. */
export interface FileOriginsRecord {
  readonly origins: readonly FileOrigin[]
}

export interface FileOrigin {
  readonly id: string
  readonly from: Username
  /** Absent of a message that this device sends. */
  readonly fromDevice?: string
}

/** A file that is still to be fetched. */
export interface DownloadRecord {
  readonly origin: FileOrigin
  /** By the server's clock. */
  readonly expiresAtMs: number
}

/** How far a message of this device came to each person it was for. */
export interface DeliveriesRecord {
  readonly members: readonly MemberDelivery[]
}

/** What a group was at one version. */
export interface RosterRecord {
  readonly state: RosterState
  /** When the server stored the change, by its clock. */
  readonly createdAtMs: number
  /** When this device learnt of it, by its own. */
  readonly learntAtMs: number
}

/** A group as this device has verified it. What its roster was at each version lies under `roster`. */
export interface GroupRecord {
  /** After the newest verified entry. Never goes back. */
  readonly roster: RosterState
  readonly standing: 'member' | 'left' | 'kicked' | 'deleted'
  readonly alarm?: GroupAlarmReason
  /** The highest version that a member's signed message has named: servers must show it. */
  readonly namedVersion?: number
}

/** What a face asked to be remembered. */
export interface NoteRecord {
  readonly text: string
}

export interface SealedAttempt {
  readonly envelope: Bytes
  readonly to: readonly Addressee[]
  readonly headerHash: Bytes
  /** In groups: the version that it was sealed for. */
  readonly rosterVersion?: number
}
