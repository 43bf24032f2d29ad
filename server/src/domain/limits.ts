/** What a request may cost. One table, so that an operator, a test and the schema's descriptions agree. */
export const limits = {
  envelopeBytes: 96 * 1024,
  wrappedKeyBytes: 1024,
  recipientDevices: 256,
  addressees: 256,
  devicesPerAccount: 16,
  deviceListBytes: 64 * 1024,
  vaultBytes: 4096,
  opaqueMessageChars: 4096,
  accountsPerLookup: 64,
  groupMembers: 256,
  groupNameChars: 64,
  /** Whom one change can add. */
  groupSubjects: 64,
  groupsPerAccount: 1000,
  rosterEntryBytes: 64 * 1024,
  rosterEntriesPerPage: 50,
  /** Deleted groups, and who has left one, are remembered this long. */
  groupForgetMs: 30 * 24 * 3_600_000,
  pageSize: 100,
  mailboxMessages: 1000,
  mailboxBytes: 32 * 1024 * 1024,
  /** A sealed chunk, the last of a file may be shorter: 65,536 bytes and a tag. */
  fileChunkBytes: 65_536 + 16,
  fileTagBytes: 16,
  /** A sealed file: 10 MiB in 160 chunks. */
  fileBytes: 160 * (65_536 + 16),
  /** Uploads of one device that were not sent yet. */
  openUploads: 8,
  /** Bytes of files of one account that have not expired. */
  liveFileBytes: 64 * 1024 * 1024,
  /** Pushed to a device and not yet acknowledged. */
  unackedWindow: 64,
  socketSubscriptions: 4,
  socketOperations: 16,
  requestBytes: 384 * 1024,
  operationTokens: 2000,
  operationDepth: 12,
  operationAliases: 8,
  operationDirectives: 8,
  operationBreadth: 100,
  operationComplexity: 2000,
  /** A sender may repeat a clientMessageId this long and gets the first answer. */
  idempotencyMs: 15 * 60_000,
  sessionMs: 30 * 24 * 3_600_000,
  signInMs: 60_000,
  /** A working day. */
  operatorSessionMs: 12 * 3_600_000,
  operatorPasswordChars: 256,
  /** A server that was killed is missed this long, and then forgotten. */
  serverForgetMs: 24 * 3_600_000,
  drainReasonChars: 200,
  /** Wrong passwords per account and network before a wait, the first wait, and the longest. */
  signInTries: 3,
  signInWaitMs: 30_000,
  signInMaxWaitMs: 15 * 60_000,
  /** Without a failure for this long, the failures are forgotten. */
  signInForgetMs: 15 * 60_000,
  usernameChars: 32,
  challengeMs: 30_000,
} as const

/** A token bucket: holds `burst`, gains `perSecond`. */
export interface Rate {
  readonly burst: number
  readonly perSecond: number
}

export const rates = {
  send: { burst: 100, perSecond: 10 },
  /** Chunks of files, up and down together. */
  chunk: { burst: 400, perSecond: 100 },
  /** Per network. A sign-up takes two: one for each step. */
  signUp: { burst: 20, perSecond: 20 / 3600 },
  startSignIn: { burst: 60, perSecond: 60 / 900 },
  /** Per account, from all networks together: never more than 100 guesses at a password in an hour. */
  guess: { burst: 50, perSecond: 50 / 3600 },
  lookUp: { burst: 300, perSecond: 300 / 900 },
  /** Per account, the making of groups included. */
  changeGroup: { burst: 60, perSecond: 1 },
  attach: { burst: 30, perSecond: 0.5 },
} as const satisfies Record<string, Rate>

export type RateName = keyof typeof rates
export type Rates = Record<RateName, Rate>
