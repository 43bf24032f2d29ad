import type { ChatOperations, GroupAnswer, RosterEntryAnswer } from '../../api/chat-api.ts'
import type { Username } from '../../brands.ts'
import { memberOf } from '../../crypto/roster.ts'
import { type RosterEntry, readRosterEntry } from '../../crypto/roster-entry.ts'
import { onTrust } from './verify-chain.ts'

const pageSize = 50

export interface FetchedChain extends Omit<GroupAnswer, 'groupId'> {
  /** From where the entries are to be judged, if this device knows nothing of the group. */
  readonly base: null | typeof onTrust
}

type Groups = Pick<ChatOperations, 'group'>

/** All entries after a version, however many. `null` if the server knows no such group. */
export async function fetchAfter(
  operations: Groups,
  groupId: string,
  after: number,
): Promise<GroupAnswer | null> {
  const entries: RosterEntryAnswer[] = []
  for (;;) {
    const page = await operations.group(groupId, after + entries.length)
    if (page === null) return null
    entries.push(...page.entries)
    const isWhole = after + entries.length >= page.version
    if (isWhole || page.entries.length === 0) return { ...page, entries }
  }
}

/**
 * The entries from the one that brought this account in. What was before is not for it to judge:
 * whoever added it vouches for the state. Asked for from the end, because a chain can be long.
 */
export async function fetchFromJoining(
  operations: Groups,
  groupId: string,
  user: Username,
): Promise<FetchedChain | null> {
  const newest = await operations.group(groupId, 0)
  if (newest === null) return null
  let start = Math.max(0, newest.version - pageSize)
  let answer: GroupAnswer | null = newest
  if (start > 0) answer = await fetchAfter(operations, groupId, start)
  for (;;) {
    if (answer === null) return null
    const joining = await findJoining(answer.entries, user)
    if (joining !== undefined) {
      const { index, entry } = joining
      const base = entry.action === 'create' ? null : onTrust
      return { ...answer, entries: answer.entries.slice(index), base }
    }
    if (start === 0) return null
    const before: GroupAnswer | null = await operations.group(
      groupId,
      Math.max(0, start - pageSize),
    )
    if (before === null) return null
    const length = Math.min(pageSize, start)
    answer = { ...answer, entries: [...before.entries.slice(0, length), ...answer.entries] }
    start = Math.max(0, start - pageSize)
  }
}

/** The last one: somebody may have been taken out and added again. */
async function findJoining(answers: readonly RosterEntryAnswer[], user: Username) {
  for (let index = answers.length - 1; index >= 0; index--) {
    const entry = await readRosterEntry(answers[index]?.entry ?? new Uint8Array())
    if (entry !== undefined && isJoining(entry, user)) return { index, entry }
  }
  return undefined
}

function isJoining(entry: RosterEntry, user: Username): boolean {
  const isBrought = entry.subjects.includes(user) && entry.action === 'add'
  // An author who is no admin could not have added anybody, and so vouches for nothing.
  const isByAdmin = memberOf(entry, entry.author)?.admin === true
  return (isBrought || entry.action === 'create') && isByAdmin && isIn(entry, user)
}

function isIn(entry: RosterEntry, user: Username): boolean {
  return memberOf(entry, user) !== undefined
}
