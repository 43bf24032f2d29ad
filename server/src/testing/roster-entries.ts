import { createHash, randomUUID } from 'node:crypto'
import { encode, rfc8949EncodeOptions } from 'cborg'
import type { RosterAction } from '../domain/groups/roster-entry.ts'

type Bytes = Uint8Array<ArrayBuffer>

export interface EntryMember {
  readonly user: string
  readonly identityKey: Bytes
  readonly admin: boolean
}

/** The fields of an entry as a client signs them. */
export interface EntryFields {
  readonly v: 1
  readonly group: string
  readonly version: number
  readonly prev: Bytes
  readonly author: string
  readonly authorDevice: string
  readonly at: number
  readonly action: RosterAction
  readonly subjects: readonly string[]
  readonly name: string
  readonly members: readonly EntryMember[]
}

interface Author {
  readonly username: string
  readonly deviceId: string
}

export function firstEntry(
  { username, deviceId }: Author,
  members: readonly Omit<EntryMember, 'admin'>[],
  { group = randomUUID() as string, name = 'Book club' } = {},
): EntryFields {
  const sorted = members.toSorted((one, other) => (one.user < other.user ? -1 : 1))
  return {
    ...{ v: 1, group, version: 1, prev: new Uint8Array(), author: username, at: 1_700_000_000_000 },
    ...{ authorDevice: deviceId, action: 'create', name },
    subjects: sorted.map(({ user }) => user).filter((user) => user !== username),
    members: sorted.map(({ user, identityKey }) => {
      return { user, identityKey, admin: user === username }
    }),
  }
}

/** The entry that follows, of the same members under the same name unless `changes` says otherwise. */
export function nextEntry(
  before: EntryFields,
  { username, deviceId }: Author,
  changes: Pick<EntryFields, 'action'> & Partial<EntryFields>,
): EntryFields {
  return {
    ...before,
    ...{ version: before.version + 1, prev: hashOfEntry(encodeEntry(before)) },
    ...{ author: username, authorDevice: deviceId, subjects: [] },
    ...changes,
  }
}

export function encodeEntry(fields: object): Bytes {
  return new Uint8Array(encode(fields, rfc8949EncodeOptions))
}

export function hashOfEntry(bytes: Bytes): Bytes {
  return new Uint8Array(createHash('sha256').update(bytes).digest())
}
