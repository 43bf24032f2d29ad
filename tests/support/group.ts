import { randomBytes, randomUUID } from 'node:crypto'
import { createMessageId } from '../../client-core/src/crypto/ids.ts'
import {
  firstEntry,
  nextEntry,
  type RosterChange,
} from '../../client-core/src/crypto/roster-changes.ts'
import type { RosterEntry, RosterEntryFields } from '../../client-core/src/crypto/roster-entry.ts'
import { signRosterEntry } from '../../client-core/src/crypto/roster-signature.ts'
import type { Account } from './account.ts'
import { base64url, type SendInput } from './sealed-message.ts'

/** An entry with the input that carries it. */
export interface PreparedEntry {
  readonly entry: RosterEntry
  readonly input: { readonly groupId: string; readonly entry: string; readonly signature: string }
}

const result = '{ __typename ... on UserError { code message }'
const groupFields = 'group { groupId name version viewerIsMember viewerIsAdmin isDeleted }'

export const createGroupDocument = `mutation ($input: CreateGroupInput!) {
  createGroup(input: $input) ${result} ... on CreateGroupPayload { ${groupFields} } }
}`
export const changeGroupDocument = `mutation ($input: ChangeGroupInput!) {
  changeGroup(input: $input) ${result} ... on StaleRosterError { currentVersion } ... on ChangeGroupPayload { ${groupFields} } }
}`
export const groupDocument = `query ($groupId: ID!) {
  group(groupId: $groupId) {
    id name version headHash viewerIsMember viewerIsAdmin isDeleted
    members { edges { node { isAdmin account { username } } } }
    entries { version entry }
  }
}`

/** The first entry of a group of these, made and signed by the first of them as an honest client does. */
export function newGroup(
  author: Account,
  others: readonly Account[],
  group: string = randomUUID(),
): Promise<PreparedEntry> {
  const members = [author, ...others].map(asMember)
  const fields = firstEntry({ group, name: 'Book club', members }, authorOf(author))
  return prepare(author, fields)
}

/** The entry that follows another one, whether or not its author may. */
export function changedGroup(
  { entry }: PreparedEntry,
  author: Account,
  change: RosterChange,
): Promise<PreparedEntry> {
  return prepare(author, nextEntry(entry, change, authorOf(author)))
}

export const asMember = ({ username, signed }: Account) => {
  return { user: username, identityKey: signed.list.identityKey }
}

/** A message to a group, in the form the server sees: what is in it is not its business. */
export function groupMessage(
  { entry }: PreparedEntry,
  to: readonly Account[],
  rosterVersion = entry.version,
): SendInput {
  return {
    clientMessageId: createMessageId(Date.now(), null),
    envelope: base64url(randomBytes(200)),
    to: to.map(({ username, deviceId }) => {
      const keys = [{ deviceId, wrappedKey: base64url(randomBytes(384)) }]
      return { username, deviceListVersion: 1, keys }
    }),
    group: { groupId: entry.group, rosterVersion },
  }
}

function authorOf({ username, deviceId }: Account) {
  return { author: username, authorDevice: deviceId, at: Date.now() }
}

async function prepare({ keys }: Account, fields: RosterEntryFields): Promise<PreparedEntry> {
  const { entry, signature } = await signRosterEntry(keys, fields)
  const input = {
    groupId: entry.group,
    entry: base64url(entry.bytes),
    signature: base64url(signature),
  }
  return { entry, input }
}
