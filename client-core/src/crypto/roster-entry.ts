import type { Bytes, Username } from '../brands.ts'
import { encodeCanonical, MalformedError } from './canonical-cbor.ts'
import { publicKeyLength } from './context-signature.ts'
import { sha256 } from './hash.ts'
import { isDeviceId, isGroupId } from './ids.ts'
import {
  bytes,
  bytesOf,
  flag,
  integer,
  isAscending,
  list,
  oneOf,
  parseCanonical,
  record,
  text,
} from './shape.ts'
import { isUsername } from './username.ts'

export const maxMembers = 256
/** So many people can be added at once; a group can be created with as many as it may hold. */
export const maxAdded = 64
export const maxGroupNameLength = 64
const maxVersion = 2 ** 31 - 1
const hashLength = 32

export const rosterActions = [
  'create',
  'add',
  'kick',
  'leave',
  'hand-over',
  'promote',
  'demote',
  'rename',
  'delete',
] as const

export type RosterAction = (typeof rosterActions)[number]

export interface RosterMember {
  readonly user: Username
  /** The key that names the account, as whoever added this member saw it. */
  readonly identityKey: Bytes
  readonly admin: boolean
}

/** One change of a group: who did what to whom, and the whole state after it. */
export interface RosterEntryFields {
  readonly group: string
  readonly version: number
  /** SHA-256 of the entry before; empty for the first. */
  readonly prev: Bytes
  readonly author: Username
  readonly authorDevice: string
  /** The author's clock, in milliseconds. A hint. */
  readonly at: number
  readonly action: RosterAction
  /** Whom it is about, ascending. */
  readonly subjects: readonly Username[]
  readonly name: string
  /** Ascending by user. A deleted group has none. */
  readonly members: readonly RosterMember[]
}

/** An entry that was read. Its layout is right; whether it may stand, and who signed it, is not known. */
export interface RosterEntry extends RosterEntryFields {
  readonly bytes: Bytes
  readonly hash: Bytes
}

const memberShape = record({
  user: text(isUsername),
  identityKey: bytesOf(publicKeyLength),
  admin: flag,
})

const entryShape = record({
  v: oneOf(1),
  group: text(isGroupId),
  version: integer({ min: 1, max: maxVersion }),
  prev: bytes({ min: 0, max: hashLength }),
  author: text(isUsername),
  authorDevice: text(isDeviceId),
  at: integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
  action: oneOf(...rosterActions),
  subjects: list(text(isUsername), maxMembers),
  name: text(isGroupName),
  members: list(memberShape, maxMembers),
})

/** Throws `MalformedError` on fields that nobody would accept. */
export async function encodeRosterEntry(fields: RosterEntryFields): Promise<RosterEntry> {
  const { group, version, prev, author, authorDevice, at, action, name } = fields
  const members = fields.members.map(({ user, identityKey, admin }) => {
    return { user, identityKey, admin }
  })
  const subjects = [...fields.subjects]
  const encoded = encodeCanonical({
    v: 1,
    group,
    version,
    prev,
    author,
    authorDevice,
    at,
    action,
    subjects,
    name,
    members,
  })
  // What we sign must be what everybody else accepts, so it passes the same parser.
  return { ...parseRosterEntry(encoded), bytes: encoded, hash: await sha256(encoded) }
}

/** Returns `undefined`, does not throw, unless the bytes are exactly one entry. */
export async function readRosterEntry(encoded: Bytes): Promise<RosterEntry | undefined> {
  try {
    return { ...parseRosterEntry(encoded), bytes: encoded, hash: await sha256(encoded) }
  } catch (error) {
    if (error instanceof MalformedError) return undefined
    throw error
  }
}

/**
 * A group's name is shown in terminals and lists: nothing in it may move the cursor, turn the
 * writing round or be invisible alone.
 */
export function isGroupName(name: string): boolean {
  return (
    name.length > 0 &&
    name.length <= maxGroupNameLength &&
    name.trim() === name &&
    name.isWellFormed() &&
    !/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u.test(name)
  )
}

function parseRosterEntry(encoded: Uint8Array): RosterEntryFields {
  const { v: _v, ...parsed } = parseCanonical(encoded, entryShape)
  // `record` has checked every text; the brand only records that.
  const fields = parsed as typeof parsed & RosterEntryFields
  if (fields.prev.length !== 0 && fields.prev.length !== hashLength) {
    throw new MalformedError('prev is neither empty nor a hash')
  }
  if (!isAscending(fields.subjects) || !isAscending(fields.members.map(({ user }) => user))) {
    throw new MalformedError('subjects or members are not ascending')
  }
  return fields
}
