import { ChatError } from '../errors.ts'
import type { Group } from '../sync/groups/group-view.ts'
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

  constructor(session: Session) {
    this.#session = session
  }

  /**
   * Makes a group with you as its only admin.
   *
   * @throws ChatError `BAD_USER_INPUT` (the name), `NOT_FOUND` (a member), `KEY_CHANGED`, `NETWORK`.
   */
  async create(group: NewGroup): Promise<Group> {
    throw notThere(this.#session, group)
  }

  /** All groups that this device knows, also those you are no longer in. By name. */
  async list(): Promise<readonly Group[]> {
    throw notThere(this.#session)
  }

  /** Returns `undefined`, does not throw, if this device knows no such group. */
  async get(groupId: string): Promise<Group | undefined> {
    throw notThere(this.#session, groupId)
  }

  /**
   * By id, or by name without regard to case and to a leading `#`; groups you are in come first.
   *
   * @throws ChatError `NOT_FOUND`, or `CONFLICT` if several have the name.
   */
  async find(nameOrId: string): Promise<Group> {
    throw notThere(this.#session, nameOrId)
  }

  /**
   * Adds people; those who belong to it already do no harm. Admins only.
   *
   * @throws ChatError `FORBIDDEN`, `NOT_FOUND` (group or person), `KEY_CHANGED`, `NETWORK`.
   */
  async add(groupId: string, usernames: readonly string[]): Promise<Group> {
    throw notThere(this.#session, groupId, usernames)
  }

  /** Removes somebody: nothing that is sent after this resolves reaches them. Admins only. */
  async kick(groupId: string, username: string): Promise<Group> {
    throw notThere(this.#session, groupId, username)
  }

  /**
   * Leaves a group.
   *
   * @throws ChatError `FORBIDDEN` for the last admin, who hands over or deletes first.
   */
  async leave(groupId: string): Promise<Group> {
    throw notThere(this.#session, groupId)
  }

  /** Makes somebody else admin in your place. */
  async handOver(groupId: string, username: string): Promise<Group> {
    throw notThere(this.#session, groupId, username)
  }

  /** Makes somebody admin beside you. */
  async promote(groupId: string, username: string): Promise<Group> {
    throw notThere(this.#session, groupId, username)
  }

  /** Takes the admin's rights from somebody, who stays a member. */
  async demote(groupId: string, username: string): Promise<Group> {
    throw notThere(this.#session, groupId, username)
  }

  /** Gives the group another name, of 1 to 64 characters. Admins only. */
  async rename(groupId: string, name: string): Promise<Group> {
    throw notThere(this.#session, groupId, name)
  }

  /** Ends the group for everybody, and for good. Admins only. */
  async delete(groupId: string): Promise<Group> {
    throw notThere(this.#session, groupId)
  }
}

function notThere(..._given: readonly unknown[]): ChatError {
  return new ChatError('SERVICE_UNAVAILABLE', 'Groups cannot be used yet. Update FastChat.')
}
