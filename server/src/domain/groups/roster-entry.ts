import { createHash } from 'node:crypto'
import { z } from 'zod'
import { decodeCanonical } from '../identity/canonical-cbor.ts'
import { isUsername } from '../identity/username.ts'
import { limits } from '../limits.ts'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const maxVersion = 2 ** 31 - 1

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

const username = z.string().refine(isUsername)
const bytesOf = (size: number) =>
  z.custom<Uint8Array<ArrayBuffer>>((value) => value instanceof Uint8Array && value.length === size)

const member = z.strictObject({ user: username, identityKey: bytesOf(32), admin: z.boolean() })

// Strict: an extra field would be signed and passed on without anybody having read it.
const entryShape = z.strictObject({
  v: z.literal(1),
  group: z.string().regex(uuid),
  version: z.int().min(1).max(maxVersion),
  prev: z.union([bytesOf(0), bytesOf(32)]),
  author: username,
  authorDevice: z.string().regex(uuid),
  at: z.int().min(0),
  action: z.enum(rosterActions),
  subjects: z.array(username).max(limits.groupMembers).refine(isAscending),
  name: z.string().refine(isGroupName),
  members: z
    .array(member)
    .max(limits.groupMembers)
    .refine((members) => isAscending(members.map(({ user }) => user))),
})

export type RosterMember = z.infer<typeof member>

/** One change of a group: who did what to whom, and the whole state after it. */
export interface RosterEntry extends z.infer<typeof entryShape> {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** SHA-256 of the bytes: what the next entry names as the one before it. */
  readonly hash: Uint8Array<ArrayBuffer>
}

/** The same layout as in every client. Undefined unless the bytes are exactly one entry; who signed it is not looked at. */
export function readRosterEntry(bytes: Uint8Array<ArrayBuffer>): RosterEntry | undefined {
  const parsed = entryShape.safeParse(decodeCanonical(bytes))
  if (!parsed.success) return undefined
  return { ...parsed.data, bytes, hash: hashOf(bytes) }
}

/** An entry that this service has stored, and has read before it did. */
export function requireRosterEntry(bytes: Uint8Array<ArrayBuffer>): RosterEntry {
  const entry = readRosterEntry(bytes)
  if (entry === undefined) throw new Error('unreachable: a stored roster entry cannot be read')
  return entry
}

function hashOf(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(bytes).digest())
}

/** It is shown in terminals and lists: nothing in it may move the cursor, turn the writing round or be invisible alone. */
function isGroupName(name: string): boolean {
  return (
    name.length > 0 &&
    name.length <= limits.groupNameChars &&
    name.trim() === name &&
    name.isWellFormed() &&
    !/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u.test(name)
  )
}

function isAscending(names: readonly string[]): boolean {
  return names.every((name, index) => index === 0 || (names[index - 1] as string) < name)
}
