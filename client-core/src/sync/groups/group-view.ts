import { groupConversation } from '../../crypto/conversation.ts'
import { memberOf } from '../../crypto/roster.ts'
import type { RosterAction } from '../../crypto/roster-entry.ts'
import type { GroupRecord } from '../records.ts'

export type GroupAction = RosterAction

/** Where this account stands in a group. */
export type GroupState =
  | 'active'
  | 'left'
  | 'kicked'
  | 'deleted'
  /** What servers or members say of it does not fit together; nothing is sent. See `group-alarm`. */
  | 'untrusted'

export interface GroupMember {
  readonly username: string
  readonly isAdmin: boolean
}

/** A group as this device has verified it. */
export interface Group {
  readonly id: string
  /** What `send` and `history` take. */
  readonly conversation: `group:${string}`
  readonly name: string
  /** One higher with every change. */
  readonly version: number
  /** Ascending by name. After leaving: who was left. A deleted group has none. */
  readonly members: readonly GroupMember[]
  /** Whether this account may change who belongs to it. */
  readonly isAdmin: boolean
  readonly state: GroupState
}

export type GroupAlarmReason =
  /** Two members were shown two different rosters of one version. */
  | 'two-heads'
  /** A change that does not follow from those before it, or that its author did not sign. */
  | 'bad-entry'
  /** A member has another identity key than the one known to this device. */
  | 'key-changed'
  /** A server knows less than this device has seen already. */
  | 'rolled-back'

export interface GroupAlarm {
  readonly groupId: string
  readonly reason: GroupAlarmReason
  /** The member whose message showed it. Whether they or the servers lie cannot be told from here. */
  readonly by?: string
}

export function groupView({ roster, standing, alarm }: GroupRecord, me: string): Group {
  const { group: id, name, version, members } = roster
  return {
    id,
    conversation: groupConversation(id),
    name,
    version,
    members: members.map(({ user, admin }) => ({ username: user, isAdmin: admin })),
    isAdmin: memberOf(roster, me)?.admin === true,
    state: standing !== 'member' ? standing : alarm === undefined ? 'active' : 'untrusted',
  }
}
