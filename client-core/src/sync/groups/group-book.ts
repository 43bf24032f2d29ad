import type { ChatOperations, GroupAnswer, GroupHead } from '../../api/chat-api.ts'
import type { Username } from '../../brands.ts'
import { equalBytes } from '../../crypto/bytes.ts'
import type { RosterState } from '../../crypto/roster.ts'
import { ChatError } from '../../errors.ts'
import type { Directory } from '../directory.ts'
import type { GroupRecord, MessageRecord, RosterRecord } from '../records.ts'
import { fetchAfter, fetchFromJoining } from './fetch-chain.ts'
import { GroupStore, type GroupStorePorts, withAlarm } from './group-store.ts'
import type { GroupAlarm, GroupAlarmReason } from './group-view.ts'
import { type ChainStep, type onTrust, verifyChain } from './verify-chain.ts'

export interface GroupBookPorts extends GroupStorePorts {
  readonly directory: Directory
  readonly operations: () => Promise<ChatOperations>
  readonly onGroup: (group: GroupRecord) => void
  readonly onAlarm: (alarm: GroupAlarm) => void
  readonly onLine: (line: MessageRecord) => void
  readonly onBroken: (error: unknown) => void
}

/** What is to be judged: entries, and from where. */
interface Offer {
  readonly answer: GroupAnswer
  readonly base: RosterState | null | typeof onTrust
}

/**
 * The groups of this account: asks servers for their entries, believes what holds, and lets no
 * server take back what it once showed.
 */
export class GroupBook {
  readonly #ports: GroupBookPorts
  readonly #groups: GroupStore
  readonly #last = new Map<string, Promise<unknown>>()

  constructor(ports: GroupBookPorts) {
    this.#ports = ports
    this.#groups = new GroupStore(ports)
  }

  get(groupId: string): Promise<GroupRecord | undefined> {
    return this.#groups.get(groupId)
  }

  list(): Promise<readonly GroupRecord[]> {
    return this.#groups.list()
  }

  rosterAt(groupId: string, version: number): Promise<RosterRecord | undefined> {
    return this.#groups.rosterAt(groupId, version)
  }

  /** Asks a server for what has changed. Returns `undefined` if it was never a group of this account. */
  refresh(groupId: string): Promise<GroupRecord | undefined> {
    return this.#alone(groupId, () => this.#ask(groupId))
  }

  /** The same, unless this version is known by then: a batch of messages needs one answer. */
  reach(groupId: string, version: number): Promise<GroupRecord | undefined> {
    return this.#alone(groupId, async () => {
      const known = await this.#groups.get(groupId)
      return known === undefined || known.roster.version < version ? this.#ask(groupId) : known
    })
  }

  /** Takes in the answer to a change of this device, which may be older than what is known by now. */
  learn(groupId: string, answer: GroupAnswer): Promise<GroupRecord | undefined> {
    return this.#alone(groupId, async () => {
      const known = await this.#groups.get(groupId)
      const { version = 0 } = known?.roster ?? {}
      const first = answer.version - answer.entries.length + 1
      const entries = answer.entries.slice(Math.max(0, version + 1 - first))
      if (first > version + 1 || entries.length === 0) return known
      return this.#take(groupId, known, {
        answer: { ...answer, entries },
        base: known?.roster ?? null,
      })
    })
  }

  /** A server says that a group has changed. A hint: what of it is true, its entries say. */
  hear({ groupId, version }: GroupHead): void {
    this.#inBackground(async () => {
      await this.reach(groupId, version)
    })
  }

  /** After attaching: what has changed while this device was away. */
  catchUp(): void {
    this.#inBackground(async () => {
      const operations = await this.#ports.operations()
      const heads = new Map((await operations.groups()).map((head) => [head.groupId, head.version]))
      const known = new Map((await this.#groups.list()).map((group) => [group.roster.group, group]))
      for (const groupId of new Set([...heads.keys(), ...known.keys()])) {
        const group = known.get(groupId)
        const isSame = group !== undefined && heads.get(groupId) === group.roster.version
        const isGone = group?.standing !== 'member' && !heads.has(groupId)
        if ((!isSame || group.alarm !== undefined) && !isGone) await this.refresh(groupId)
      }
    })
  }

  /** The person has decided about a key: an alarm may have no reason any more. */
  recheck(): void {
    this.#inBackground(async () => {
      for (const { roster, alarm } of await this.#groups.list()) {
        if (alarm === 'key-changed') await this.refresh(roster.group)
      }
    })
  }

  /** Returns the group if that was not known yet. */
  async alarm(
    groupId: string,
    reason: GroupAlarmReason,
    by?: string,
  ): Promise<GroupRecord | undefined> {
    const group = await this.#groups.update(groupId, (before) => withAlarm(before, reason))
    if (group === undefined) return undefined
    this.#ports.onGroup(group)
    this.#ports.onAlarm({ groupId, reason, ...(by !== undefined && { by }) })
    return group
  }

  /** A member's message was accepted for a version that servers do not show here. */
  async missing(groupId: string, version: number, by: string): Promise<void> {
    await this.#groups.update(groupId, (group) => {
      return version > (group.namedVersion ?? 0) ? { ...group, namedVersion: version } : group
    })
    await this.alarm(groupId, 'rolled-back', by)
  }

  /** One after the other for each group: an answer must be judged by what is known when it is read. */
  #alone<T>(groupId: string, work: () => Promise<T>): Promise<T> {
    const run = (this.#last.get(groupId) ?? Promise.resolve()).then(work, work)
    this.#last.set(
      groupId,
      run.catch(() => undefined),
    )
    return run
  }

  async #ask(groupId: string): Promise<GroupRecord | undefined> {
    const known = await this.#groups.get(groupId)
    const operations = await this.#ports.operations()
    if (known === undefined) {
      const chain = await fetchFromJoining(operations, groupId, this.#ports.me.user)
      if (chain === null) return undefined
      const { base, ...answer } = chain
      return this.#take(groupId, known, { answer: { groupId, ...answer }, base })
    }
    const { version, hash } = known.roster
    const answer = await fetchAfter(operations, groupId, version)
    const isMember = known.standing === 'member'
    if (answer === null && !isMember) return known
    if (answer === null || answer.version < version) return this.#alarmed(known, 'rolled-back')
    if (answer.version === version && isMember && !equalBytes(answer.headHash, hash)) {
      return this.#alarmed(known, 'two-heads')
    }
    return this.#take(groupId, known, { answer, base: known.roster })
  }

  async #take(
    groupId: string,
    known: GroupRecord | undefined,
    { answer, base }: Offer,
  ): Promise<GroupRecord | undefined> {
    const chain = await verifyChain(base, answer.entries, this.#ports.directory)
    const steps = chain.steps.filter(({ state }) => state.group === groupId)
    const group = steps.length === 0 ? known : await this.#store(groupId, steps)
    if (group === undefined) return undefined
    const due = Math.max(answer.version, group.namedVersion ?? 0)
    const reason =
      chain.alarm ??
      (await this.#changedKey(group)) ??
      (group.roster.version < due ? 'rolled-back' : undefined)
    return (await this.#reconsider(group, reason)) ?? group
  }

  /** Sets the alarm, or takes it back. Returns the group if that has changed it. */
  async #reconsider(
    { roster }: GroupRecord,
    reason: GroupAlarmReason | undefined,
  ): Promise<GroupRecord | undefined> {
    if (reason !== undefined) return this.alarm(roster.group, reason)
    const calmed = await this.#groups.update(roster.group, (group) => withAlarm(group, undefined))
    if (calmed !== undefined) this.#ports.onGroup(calmed)
    return calmed
  }

  async #store(groupId: string, steps: readonly ChainStep[]): Promise<GroupRecord | undefined> {
    const stored = await this.#groups.add(groupId, steps)
    if (stored === undefined) return undefined
    // From now on its messages are taken in, and whoever shows them must know its name before.
    this.#ports.onGroup(stored.group)
    for (const line of stored.lines) this.#ports.onLine(line)
    return stored.group
  }

  async #alarmed(known: GroupRecord, reason: GroupAlarmReason): Promise<GroupRecord> {
    return (await this.#reconsider(known, reason)) ?? known
  }

  /** The keys of members must be those that are known here; whoever is new is pinned by this. */
  async #changedKey({ roster, standing }: GroupRecord): Promise<'key-changed' | undefined> {
    if (standing !== 'member') return undefined
    const { directory } = this.#ports
    const trusts = await directory.getAll(roster.members.map(({ user }) => user))
    const strangers: Username[] = []
    for (const { user, identityKey } of roster.members) {
      const trust = trusts.get(user)
      const list =
        trust?.kind === 'trusted' || trust?.kind === 'key-changed' ? trust.list : undefined
      if (list !== undefined && !equalBytes(list.identityKey, identityKey)) strangers.push(user)
    }
    // So that the person hears of the other key, and can accept it.
    await directory.refreshAll(strangers)
    return strangers.length > 0 ? 'key-changed' : undefined
  }

  #inBackground(work: () => Promise<void>): void {
    work().catch((error: unknown) => {
      // Without a server nothing is learnt now: the next attachment catches up.
      if (!(error instanceof ChatError)) this.#ports.onBroken(error)
    })
  }
}
