import type { Username } from '../brands.ts'
import { memberOf, type RosterState } from '../crypto/roster.ts'
import type { RosterMember } from '../crypto/roster-entry.ts'
import { ChatError } from '../errors.ts'
import { usernameOf } from '../sync/addressing.ts'
import { checkName, checkRoom } from '../sync/groups/check-change.ts'
import { findGroup } from '../sync/groups/find-group.ts'
import { type GroupChanges, isIn, type Wish } from '../sync/groups/group-changes.ts'
import { type Group, groupView } from '../sync/groups/group-view.ts'
import type { GroupRecord } from '../sync/records.ts'
import type { Session } from '../sync/session.ts'

export interface NewGroup {
  readonly name: string
  /** Usernames, without your own. */
  readonly members: readonly string[]
}

/**
 * The groups of a client. Every change is signed by this device and put on top of the newest one
 * this device has verified; if somebody else was quicker, it is made again on top of theirs, as long
 * as it still makes sense. All changes need a server that can be reached.
 *
 * @example
 * const group = await client.groups.create({ name: 'Reading', members: ['bob', 'carol'] })
 * await client.send(group.conversation, { text: 'Chapter one?' })
 */
export class Groups {
  readonly #session: Session
  readonly #changes: GroupChanges

  constructor(session: Session) {
    this.#session = session
    this.#changes = session.groupChanges
  }

  /**
   * Makes a group with you as its only admin.
   *
   * @throws ChatError `BAD_USER_INPUT` (the name), `NOT_FOUND` (a member), `KEY_CHANGED`, `NETWORK`.
   */
  async create(group: NewGroup): Promise<Group> {
    const name = group.name.trim()
    const users = othersOf(this.#session, group.members)
    checkName(name)
    checkRoom(0, users.length + 1)
    return this.#view(await this.#changes.create(name, users))
  }

  /** All groups that this device knows, also those you are no longer in. By name. */
  async list(): Promise<readonly Group[]> {
    const groups = (await this.#session.groups.list()).map((group) => this.#view(group))
    return groups.toSorted((one, other) => one.name.localeCompare(other.name))
  }

  /** Returns `undefined`, does not throw, if this device knows no such group. */
  async get(groupId: string): Promise<Group | undefined> {
    const group = await this.#session.groups.get(groupId)
    return group && this.#view(group)
  }

  /**
   * By id, or by name without regard to case and to a leading `#`; groups you are in come first.
   *
   * @throws ChatError `NOT_FOUND`, or `CONFLICT` if several have the name.
   */
  async find(nameOrId: string): Promise<Group> {
    return findGroup(await this.list(), nameOrId)
  }

  /**
   * Adds people; those who belong to it already do no harm. Admins only.
   *
   * @throws ChatError `FORBIDDEN`, `NOT_FOUND` (group or person), `KEY_CHANGED`, `NETWORK`.
   */
  async add(groupId: string, usernames: readonly string[]): Promise<Group> {
    const users = othersOf(this.#session, usernames)
    checkRoom(1, users.length)
    const wanted = await this.#changes.keysOf(users)
    return this.#change(groupId, (state) => {
      const members = wanted.filter(({ user }) => !isIn(state, user))
      return members.length === 0 ? 'done' : { action: 'add', members }
    })
  }

  /** Removes somebody: nothing that is sent after this resolves reaches them. Admins only. */
  async kick(groupId: string, username: string): Promise<Group> {
    const user = usernameOf(username)
    return this.#change(groupId, (state, attempt) => {
      if (isIn(state, user)) return { action: 'kick', users: [user] }
      if (attempt === 0) throw notIn(user)
      return 'done'
    })
  }

  /**
   * Leaves a group.
   *
   * @throws ChatError `FORBIDDEN` for the last admin, who hands over or deletes first.
   */
  async leave(groupId: string): Promise<Group> {
    return this.#change(groupId, (state, attempt) => {
      return attempt > 0 && !isIn(state, this.#session.me.user) ? 'done' : { action: 'leave' }
    })
  }

  /** Makes somebody else admin in your place. */
  async handOver(groupId: string, username: string): Promise<Group> {
    const user = usernameOf(username)
    return this.#change(groupId, (state, attempt) => {
      const heir = mustBeIn(state, user)
      const isMeAdmin = memberOf(state, this.#session.me.user)?.admin === true
      return attempt > 0 && heir.admin && !isMeAdmin ? 'done' : { action: 'hand-over', user }
    })
  }

  /** Makes somebody admin beside you. */
  async promote(groupId: string, username: string): Promise<Group> {
    return this.#setAdmin(groupId, usernameOf(username), 'promote')
  }

  /** Takes the admin's rights from somebody, who stays a member. */
  async demote(groupId: string, username: string): Promise<Group> {
    return this.#setAdmin(groupId, usernameOf(username), 'demote')
  }

  /** Gives the group another name, of 1 to 64 characters. Admins only. */
  async rename(groupId: string, name: string): Promise<Group> {
    const wanted = name.trim()
    return this.#change(groupId, (state) => {
      return state.name === wanted ? 'done' : { action: 'rename', name: wanted }
    })
  }

  /** Ends the group for everybody, and for good. Admins only. */
  async delete(groupId: string): Promise<Group> {
    return this.#change(groupId, (state) => {
      return state.members.length === 0 ? 'done' : { action: 'delete' }
    })
  }

  #setAdmin(groupId: string, user: Username, action: 'promote' | 'demote'): Promise<Group> {
    return this.#change(groupId, (state) => {
      return mustBeIn(state, user).admin === (action === 'promote') ? 'done' : { action, user }
    })
  }

  async #change(groupId: string, wish: Wish): Promise<Group> {
    return this.#view(await this.#changes.change(groupId, wish))
  }

  #view(group: GroupRecord): Group {
    return groupView(group, this.#session.me.user)
  }
}

/** Each once, and without the own name. */
function othersOf({ me }: Session, typed: readonly string[]): readonly Username[] {
  const users = new Set(typed.map(usernameOf))
  users.delete(me.user)
  return [...users]
}

function mustBeIn(state: RosterState, user: Username): RosterMember {
  const member = memberOf(state, user)
  if (member === undefined) throw notIn(user)
  return member
}

function notIn(user: Username): ChatError {
  return new ChatError('NOT_FOUND', `${user} is not in this group. Look at its members.`, {
    username: user,
  })
}
