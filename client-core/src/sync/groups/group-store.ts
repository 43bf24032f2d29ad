import type { Username } from '../../brands.ts'
import { groupConversation } from '../../crypto/conversation.ts'
import { memberOf, type RosterState } from '../../crypto/roster.ts'
import type { Clock } from '../clock.ts'
import type { RecordStore, Transaction } from '../record-store.ts'
import type { GroupRecord, MessageRecord, RosterRecord } from '../records.ts'
import type { Timeline } from '../timeline.ts'
import { encodeChange } from './change-line.ts'
import type { GroupAlarmReason } from './group-view.ts'
import type { ChainStep } from './verify-chain.ts'

/** Messages older than so many changes cannot be checked any more. */
const keptRosters = 64

export interface GroupStorePorts {
  readonly store: RecordStore
  readonly timeline: Timeline
  readonly clock: Clock
  readonly me: { readonly user: Username }
}

export interface Stored {
  readonly group: GroupRecord
  /** The line of each change in the conversation. */
  readonly lines: readonly MessageRecord[]
}

/** What this device has verified of groups, on its disk. */
export class GroupStore {
  readonly #ports: GroupStorePorts

  constructor(ports: GroupStorePorts) {
    this.#ports = ports
  }

  get(groupId: string): Promise<GroupRecord | undefined> {
    return this.#ports.store.get('group', { name: groupId })
  }

  list(): Promise<readonly GroupRecord[]> {
    return this.#ports.store.list('group', {})
  }

  /** What the group was at a version that is not too long ago. */
  rosterAt(groupId: string, version: number): Promise<RosterRecord | undefined> {
    return this.#ports.store.get('roster', rosterKey(groupId, version))
  }

  /** Group, rosters and lines in one commit: no line without its change, whenever a process ends. */
  async add(groupId: string, steps: readonly ChainStep[]): Promise<Stored | undefined> {
    const { store, clock } = this.#ports
    return store.update(async (transaction) => {
      let group = await transaction.get('group', { name: groupId })
      const lines: MessageRecord[] = []
      for (const step of steps) {
        const { version } = step.state
        group = { ...group, roster: step.state, standing: this.#standingAfter(step) }
        transaction.put('roster', rosterKey(groupId, version), {
          state: step.state,
          createdAtMs: step.createdAtMs,
          learntAtMs: clock.nowMs(),
        })
        transaction.delete('roster', rosterKey(groupId, version - keptRosters))
        lines.push(await this.#writeLine(transaction, groupId, step))
      }
      if (group === undefined) return undefined
      transaction.put('group', { name: groupId }, group)
      return { group, lines }
    })
  }

  /** Returns the group if `change` has changed it. */
  async update(
    groupId: string,
    change: (group: GroupRecord) => GroupRecord,
  ): Promise<GroupRecord | undefined> {
    return this.#ports.store.update(async (transaction) => {
      const before = await transaction.get('group', { name: groupId })
      const group = before && change(before)
      if (group === undefined || group === before) return undefined
      transaction.put('group', { name: groupId }, group)
      return group
    })
  }

  #standingAfter({ entry, state }: ChainStep): GroupRecord['standing'] {
    const { user } = this.#ports.me
    if (memberOf(state, user) !== undefined) return 'member'
    if (entry.action === 'delete') return 'deleted'
    return entry.action === 'leave' && entry.author === user ? 'left' : 'kicked'
  }

  #writeLine(
    transaction: Transaction,
    groupId: string,
    { entry, createdAtMs }: ChainStep,
  ): Promise<MessageRecord> {
    return this.#ports.timeline.append(transaction, {
      kind: 'group-change',
      id: lineId(entry),
      conversation: groupConversation(groupId),
      groupName: entry.name,
      from: entry.author,
      fromDevice: entry.authorDevice,
      content: encodeChange(entry),
      sentAtMs: createdAtMs,
      acceptedAtMs: createdAtMs,
      isMissingBefore: false,
      isLate: false,
    })
  }
}

/** The version first, so that changes of one moment stand in their order. */
function lineId({ version, hash }: RosterState): string {
  const short = Array.from(hash.slice(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join('')
  return `change ${padded(version)} ${short}`
}

function rosterKey(groupId: string, version: number) {
  return { name: groupId, order: padded(version) }
}

function padded(version: number): string {
  return String(version).padStart(10, '0')
}

/** `undefined` takes an alarm back. Two heads were shown, whatever servers say later: it stays. */
export function withAlarm(group: GroupRecord, alarm: GroupAlarmReason | undefined): GroupRecord {
  if (group.alarm === alarm || group.alarm === 'two-heads') return group
  const { alarm: _before, ...calm } = group
  return alarm === undefined ? calm : { ...calm, alarm }
}
