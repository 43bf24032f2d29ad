import type { Deps } from '../deps.ts'
import { NotFoundError, PayloadTooLargeError } from '../errors.ts'
import { limits } from '../limits.ts'
import type { RosterMember } from './roster-entry.ts'

/** Whom an entry brings into a group: each has an account with that very identity key, and room for one more group. */
export async function checkNewcomers(
  { store }: Pick<Deps, 'store'>,
  newcomers: readonly RosterMember[],
): Promise<void> {
  if (newcomers.length === 0) return
  const names = newcomers.map(({ user }) => user)
  const candidates = await store.groups.listCandidates(names, limits.groupsPerAccount)
  const byName = new Map(candidates.map((candidate) => [candidate.username, candidate]))
  const isKnown = ({ user, identityKey }: RosterMember) => {
    const known = byName.get(user)?.identityKey
    return known !== undefined && Buffer.compare(known, identityKey) === 0
  }
  // One answer for both, or the names of strangers could be guessed without the limit of look-ups.
  if (!newcomers.every(isKnown))
    throw new NotFoundError(
      'There is no account of that name with that identity key. Look everybody up, then try again.',
    )
  if (candidates.some(({ isFull }) => isFull))
    throw new PayloadTooLargeError(
      limits.groupsPerAccount,
      `An account is in at most ${limits.groupsPerAccount} groups, and one of these is already. Leave it out, or ask it to leave one.`,
    )
}
