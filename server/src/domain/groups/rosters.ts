import type { Deps } from '../deps.ts'
import { requireRosterEntry } from './roster-entry.ts'

export interface MemberNames {
  readonly version: number
  readonly names: ReadonlySet<string>
}

export interface Rosters {
  /**
   * Who is in a group, for a sender who knows `version`; null if there is no such group. Of that version or a newer one,
   * which need not be the newest: whoever must be sure compares the version again where he writes.
   */
  find(groupId: string, version: number): Promise<MemberNames | null>
  /** The newest there is now. */
  refresh(groupId: string): Promise<MemberNames | null>
}

/**
 * Remembers who is in the groups that are written to. The members of one version never change, so only a sender who knows
 * a newer version, or a refusal where it was written, leads to another look.
 */
export function createRosters(
  { groups }: Pick<Deps['store'], 'groups'>,
  { maxGroups = 1_000 }: { readonly maxGroups?: number } = {},
): Rosters {
  const known = new Map<string, MemberNames>()

  async function refresh(groupId: string): Promise<MemberNames | null> {
    const head = await groups.findHead(groupId)
    known.delete(groupId)
    if (head === null) return null
    const { version, members } = requireRosterEntry(head.entry)
    const roster = { version, names: new Set(members.map(({ user }) => user)) }
    remember(groupId, roster)
    return roster
  }

  function remember(groupId: string, roster: MemberNames): void {
    // The last used comes last, so the first one is the one to forget.
    known.delete(groupId)
    known.set(groupId, roster)
    const [oldest] = known.keys()
    if (known.size > maxGroups && oldest !== undefined) known.delete(oldest)
  }

  return {
    refresh,
    find(groupId, version) {
      const roster = known.get(groupId)
      if (roster === undefined || roster.version < version) return refresh(groupId)
      remember(groupId, roster)
      return Promise.resolve(roster)
    },
  }
}
