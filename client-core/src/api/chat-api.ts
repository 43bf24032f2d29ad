import type { Bytes, Sealed } from '../brands.ts'

/**
 * The servers as the rest of the client sees them: calls that answer with plain values or reject
 * with a `ChatError`. `graphqlApi` is the real one; `testing/` has one without a network.
 */
export interface ChatApi {
  /** Requests over HTTP: for the balancer, and for signing in before there is a session. */
  http(url: string, token?: string): ChatOperations
  /** Opens one socket for everything else. Rejects if it does not come up. */
  connect(options: ConnectOptions): Promise<Link>
}

export interface ConnectOptions {
  readonly url: string
  readonly token: string
  /** Called once, whoever closes. */
  readonly onClosed: (reason: LinkClosed) => void
}

/** A live socket to one server. */
export interface Link {
  readonly hello: LinkHello
  readonly operations: ChatOperations
  /** Batches in order until the link closes; an ending subscription closes it. */
  watchInbox(attachmentId: string, onBatch: (batch: InboxBatch) => void): void
  close(): void
}

export interface LinkHello {
  readonly serverId: string
  /** Absent if the session has no device. */
  readonly challenge?: Bytes
}

export type LinkClosed =
  /** The network or the server failed, or the server asked to come again. */
  | { readonly kind: 'lost' }
  | { readonly kind: 'session-ended' }
  /** The mailbox is read by a newer attachment of this device. */
  | { readonly kind: 'replaced' }

export interface ChatOperations {
  balancer(): Promise<readonly RankedServer[]>
  service(): Promise<ServiceFacts>
  startSignUp(input: StartSignUp): Promise<{ readonly registrationResponse: string }>
  finishSignUp(input: FinishSignUp): Promise<SignedIn>
  startSignIn(input: StartSignIn): Promise<SignInStarted>
  finishSignIn(input: FinishSignIn): Promise<SignedIn>
  signOut(): Promise<void>
  me(): Promise<Viewer>
  /** Returns `null`, does not throw, if there is no such account. */
  account(username: string): Promise<AccountAnswer | null>
  /** In the order of the names, at most 64 of them. */
  accounts(usernames: readonly string[]): Promise<readonly (AccountAnswer | null)[]>
  searchAccounts(prefix: string, first: number): Promise<readonly AccountAnswer[]>
  registerDevice(input: RegisterDevice): Promise<AccountAnswer>
  revokeDevice(input: RevokeDevice): Promise<AccountAnswer>
  /** Over HTTP; a socket gets its challenge when it opens. */
  attachChallenge(): Promise<{ readonly serverId: string; readonly challenge: Bytes }>
  attachMailbox(input: AttachMailbox): Promise<Attached>
  sendMessage(input: SendMessage): Promise<Accepted>
  acknowledge(input: { readonly attachmentId: string; readonly upTo: string }): Promise<void>
  outcomes(clientMessageIds: readonly string[]): Promise<readonly Outcome[]>
  createGroup(input: Omit<ChangeGroup, 'version'>): Promise<GroupAnswer>
  changeGroup(input: ChangeGroup): Promise<GroupAnswer>
  /** All that the account is in, or was in during the last 30 days. */
  groups(): Promise<readonly GroupHead[]>
  /** Returns `null`, does not throw, if there is none, or if the account was never in it. */
  group(groupId: string, after: number): Promise<GroupAnswer | null>
  /** Begins an upload, or finds the one that was begun, also on another server. */
  startUpload(input: StartUpload): Promise<Upload>
  uploadChunk(input: UploadChunk): Promise<void>
  /** Returns `null`, does not throw, if it is not there, expired, or for somebody else. */
  fileChunk(input: { readonly fileId: string; readonly index: number }): Promise<Bytes | null>
}

export interface RankedServer {
  readonly id: string
  readonly url: string
  readonly state: 'UP' | 'DRAINING' | 'DOWN'
  /** 1 is the best. `null` if the server cannot be used now. */
  readonly rank: number | null
  readonly pingMs: number | null
  readonly score: number | null
  readonly sockets: number
}

export interface ServiceFacts {
  readonly version: string
  readonly messageTtlMs: number
  readonly serverTimeMs: number
}

export interface StartSignUp {
  readonly username: string
  readonly registrationRequest: string
}

export interface FinishSignUp {
  readonly username: string
  readonly registrationRecord: string
  readonly vault: Sealed
  readonly vaultVersion: number
  readonly deviceList: Bytes
  readonly deviceListSignature: Bytes
  readonly deviceId: string
  readonly deviceProof: Bytes
}

export interface StartSignIn {
  readonly username: string
  readonly startLoginRequest: string
}

export interface SignInStarted {
  readonly signInId: string
  readonly loginResponse: string
  readonly attemptsLeft: number
}

export interface FinishSignIn {
  readonly signInId: string
  readonly finishLoginRequest: string
  /** A device that is known already proves itself and gets a session of its own at once. */
  readonly device?: { readonly deviceId: string; readonly deviceProof: Bytes }
}

export interface SignedIn {
  readonly token: string
  readonly expiresAtMs: number
  readonly viewer: Viewer
}

export interface Viewer {
  readonly vault: Bytes
  readonly vaultVersion: number
  readonly account: AccountAnswer
}

/** As the server says it. Only `sync/directory.ts` decides what of it to believe. */
export interface AccountAnswer {
  readonly username: string
  readonly deviceList: Bytes
  readonly deviceListSignature: Bytes
  readonly deviceListVersion: number
  readonly online: boolean
}

export interface RegisterDevice {
  readonly deviceList: Bytes
  readonly deviceListSignature: Bytes
  readonly deviceId: string
  readonly deviceProof: Bytes
}

export interface RevokeDevice {
  readonly deviceList: Bytes
  readonly deviceListSignature: Bytes
  readonly deviceId: string
}

export interface AttachMailbox {
  readonly challenge: Bytes
  readonly signature: Bytes
  readonly after?: string
}

export interface Attached {
  readonly attachmentId: string
  readonly expiredWhileAway: number
  readonly serverTimeMs: number
}

export interface SendMessage {
  readonly clientMessageId: string
  readonly envelope: Sealed
  readonly to: readonly Addressee[]
  readonly group?: { readonly groupId: string; readonly rosterVersion: number }
  /** Uploaded whole before. */
  readonly fileId?: string
}

export interface ChangeGroup {
  readonly groupId: string
  /** Of the entry. */
  readonly version: number
  readonly entry: Bytes
  readonly signature: Bytes
}

export interface GroupHead {
  readonly groupId: string
  readonly version: number
}

/** As the server says it. Only `sync/groups` decides what of it to believe. */
export interface GroupAnswer extends GroupHead {
  readonly headHash: Bytes
  /** Those after the version that was asked for, or from a change on; at most 50. */
  readonly entries: readonly RosterEntryAnswer[]
}

export interface RosterEntryAnswer {
  readonly entry: Bytes
  readonly signature: Bytes
  readonly createdAtMs: number
}

export interface Addressee {
  readonly username: string
  readonly deviceListVersion: number
  readonly keys: readonly { readonly deviceId: string; readonly wrappedKey: Sealed }[]
}

export type DeliveryState = 'STORED' | 'DELIVERED' | 'EXPIRED' | 'MAILBOX_FULL'

export interface Delivery {
  readonly deviceId: string
  readonly state: DeliveryState
}

export interface Accepted {
  readonly acceptedAtMs: number
  readonly expiresAtMs: number
  readonly serverTimeMs: number
  readonly deliveries: readonly Delivery[]
}

export interface Outcome {
  readonly clientMessageId: string
  readonly expiresAtMs: number
  readonly deliveries: readonly Delivery[]
}

export interface InboxBatch {
  readonly serverTimeMs: number
  readonly events: readonly InboxEvent[]
}

export type InboxEvent =
  | MessageArrived
  | DeliveryChanged
  | DevicesChanged
  | GroupChanged
  | ServerDraining

export interface StartUpload {
  readonly fileId: string
  /** Of all sealed chunks together, in bytes. */
  readonly size: number
  readonly chunkCount: number
}

export interface Upload {
  readonly receivedChunks: readonly number[]
}

export interface UploadChunk {
  readonly fileId: string
  readonly index: number
  readonly data: Bytes
}

export interface MessageArrived {
  readonly kind: 'message-arrived'
  readonly cursor: string
  readonly clientMessageId: string
  readonly senderDeviceId: string
  readonly envelope: Bytes
  readonly wrappedKey: Bytes
  readonly acceptedAtMs: number
  readonly expiresAtMs: number
}

export interface DeliveryChanged {
  readonly kind: 'delivery-changed'
  readonly clientMessageId: string
  readonly deviceId: string
  readonly state: DeliveryState
}

export interface DevicesChanged {
  readonly kind: 'devices-changed'
  readonly username: string
  readonly version: number
}

/** A hint: what has changed is for the group's entries to say. */
export interface GroupChanged extends GroupHead {
  readonly kind: 'group-changed'
}

export interface ServerDraining {
  readonly kind: 'server-draining'
  readonly retryAfterMs: number
}
