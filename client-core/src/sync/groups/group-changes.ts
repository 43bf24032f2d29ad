import type { ChatOperations } from '../../api/chat-api.ts'
import type { Username } from '../../brands.ts'
import { createGroupId } from '../../crypto/ids.ts'
import { memberOf, type RosterState } from '../../crypto/roster.ts'
import {
  firstEntry,
  nextEntry,
  type RosterAuthor,
  type RosterChange,
} from '../../crypto/roster-changes.ts'
import { type SignedRosterEntry, signRosterEntry } from '../../crypto/roster-signature.ts'
import { ChatError, hasCode } from '../../errors.ts'
import { backoffMs } from '../backoff.ts'
import type { Clock, Random } from '../clock.ts'
import type { Directory } from '../directory.ts'
import type { GroupRecord } from '../records.ts'
import type { Me } from '../seal-attempt.ts'
import { trustedList } from '../trusted-list.ts'
import { checkChange } from './check-change.ts'
import type { GroupBook } from './group-book.ts'

/** So often somebody may be quicker, or an answer get lost, before the person hears of it. */
const maxTries = 12
const maxLostAnswers = 3

export interface GroupChangesPorts {
  readonly groups: GroupBook
  readonly directory: Directory
  readonly operations: () => Promise<ChatOperations>
  readonly me: Me
  readonly clock: Clock
  readonly random: Random
}

/** What a person wants, looked at again each time somebody was quicker. `done` if it is so already. */
export type Wish = (state: RosterState, attempt: number) => RosterChange | 'done'

/** Makes groups and changes them, each change on top of the newest one that this device has verified. */
export class GroupChanges {
  readonly #ports: GroupChangesPorts

  constructor(ports: GroupChangesPorts) {
    this.#ports = ports
  }

  async create(name: string, users: readonly Username[]): Promise<GroupRecord> {
    const { groups, me } = this.#ports
    const group = createGroupId()
    const members = await this.keysOf([me.user, ...users])
    const fields = firstEntry({ group, name, members }, this.#author())
    const { entry, signature } = await signRosterEntry(me.keys, fields)
    const input = { groupId: group, entry: entry.bytes, signature }
    // Repeating it is harmless, so a lost answer is asked for again.
    const answer = await this.#persistently((operations) => operations.createGroup(input))
    return mustBeKnown((await groups.learn(group, answer)) ?? (await groups.refresh(group)))
  }

  async change(groupId: string, wish: Wish): Promise<GroupRecord> {
    const { groups } = this.#ports
    for (let attempt = 0, lost = 0; ; attempt++) {
      const known = (await groups.get(groupId)) ?? (await groups.refresh(groupId))
      const group = mustBeKnown(known)
      const change = wish(group.roster, attempt)
      if (change === 'done') return group
      const signed = await this.#sign(group, change)
      try {
        return await this.#submit(groupId, signed)
      } catch (error) {
        if (hasCode(error, 'NETWORK')) lost += 1
        // What was asked may have happened: the chain says so, and then the wish is fulfilled.
        const isWorthIt = hasCode(error, 'STALE_ROSTER', 'NETWORK') && lost < maxLostAnswers
        if (!isWorthIt || attempt + 1 >= maxTries) throw error
        if (attempt > 0) await this.#pause(attempt)
        await groups.refresh(groupId)
      }
    }
  }

  /** Throws unless everybody is there and their keys are trusted. */
  async keysOf(users: readonly Username[]) {
    const trusts = await this.#ports.directory.getAll(users)
    return users.map((user) => {
      return { user, identityKey: trustedList(user, trusts.get(user)).identityKey }
    })
  }

  async #sign(group: GroupRecord, change: RosterChange): Promise<SignedRosterEntry> {
    checkChange(group, change, this.#ports.me.user)
    return signRosterEntry(this.#ports.me.keys, nextEntry(group.roster, change, this.#author()))
  }

  async #submit(groupId: string, { entry, signature }: SignedRosterEntry): Promise<GroupRecord> {
    const { groups } = this.#ports
    const { version, bytes } = entry
    const operations = await this.#ports.operations()
    const answer = await operations.changeGroup({ groupId, version, entry: bytes, signature })
    const learnt = await groups.learn(groupId, answer)
    const isKnown = learnt !== undefined && learnt.roster.version >= version
    return mustBeKnown(isKnown ? learnt : await groups.refresh(groupId))
  }

  async #persistently<T>(ask: (operations: ChatOperations) => Promise<T>): Promise<T> {
    for (let lost = 0; ; lost++) {
      try {
        return await ask(await this.#ports.operations())
      } catch (error) {
        if (!hasCode(error, 'NETWORK') || lost + 1 >= maxLostAnswers) throw error
      }
    }
  }

  #author(): RosterAuthor {
    const { me, clock } = this.#ports
    const at = Math.max(0, Math.floor(clock.nowMs()))
    return { author: me.user, authorDevice: me.deviceId, at }
  }

  /** Many who change a group at once must not meet again at every try. */
  #pause(attempt: number): Promise<void> {
    const { clock, random } = this.#ports
    return new Promise((resolve) => {
      clock.after(Math.min(backoffMs(attempt, random()), 1000), resolve)
    })
  }
}

export function isIn(state: RosterState, user: string): boolean {
  return memberOf(state, user) !== undefined
}

function mustBeKnown(group: GroupRecord | undefined): GroupRecord {
  if (group !== undefined) return group
  throw new ChatError('NOT_FOUND', 'There is no such group, or you have never been in it.')
}
