import type {
  ChangeGroup,
  ChatOperations,
  GroupAnswer,
  GroupHead,
  RosterEntryAnswer,
} from '../api/chat-api.ts'
import type { Bytes } from '../brands.ts'
import { equalBytes } from '../crypto/bytes.ts'
import type { DeviceList } from '../crypto/device-list.ts'
import { applyEntry, memberOf, type RosterState } from '../crypto/roster.ts'
import { type RosterEntry, readRosterEntry } from '../crypto/roster-entry.ts'
import { isSignedBy } from '../crypto/roster-signature.ts'
import { ChatError } from '../errors.ts'
import type { Clock } from '../sync/clock.ts'

/** Who asks, as the service knows them. */
export interface Asker {
  readonly username: string
  readonly deviceId: string
}

interface StoredEntry {
  readonly state: RosterState
  readonly entry: RosterEntry
  readonly answer: RosterEntryAnswer
}

/** What a lying server makes of an honest answer. */
export type GroupLie = (
  answer: GroupAnswer | null,
  asker: Asker,
  after: number,
) => GroupAnswer | null

interface Ports {
  readonly clock: Clock
  readonly listOf: (username: string) => DeviceList
  readonly tell: (deviceId: string, head: GroupHead) => void
}

const page = 50

/** The groups of the fake service: as strict as the real one, unless a test makes it lie. */
export class FakeGroups {
  /** How often somebody asked for a group. */
  asked = 0
  readonly #ports: Ports
  readonly #chains = new Map<string, StoredEntry[]>()
  #lie: GroupLie = (answer) => answer
  #lastMs = 0

  constructor(ports: Ports) {
    this.#ports = ports
  }

  /** From now on every answer about a group goes through this. */
  unsafeLie(lie: GroupLie): void {
    this.#lie = lie
  }

  get groupIds(): readonly string[] {
    return [...this.#chains.keys()]
  }

  /** The entries as they are stored: what a liar takes, swaps and forges. */
  entriesOf(groupId: string): readonly RosterEntryAnswer[] {
    return this.#chain(groupId).map(({ answer }) => answer)
  }

  operations(asker: () => Asker) {
    return {
      createGroup: (input) => this.#create(asker(), input),
      changeGroup: (input) => this.#change(asker(), input),
      groups: async () => this.#list(asker()),
      group: async (groupId, after) => {
        this.asked += 1
        const from = asker()
        return this.#lie(this.#find(from, groupId, after), from, after)
      },
    } satisfies Partial<ChatOperations>
  }

  async #create(asker: Asker, { groupId, ...signed }: Omit<ChangeGroup, 'version'>) {
    const entry = await this.#read(asker, groupId, signed)
    const [first] = this.#chain(groupId)
    if (first === undefined) this.#append(null, entry, signed)
    else if (!equalBytes(first.entry.bytes, entry.bytes)) throw refused('CONFLICT')
    return this.#answer(asker, groupId, 0)
  }

  async #change(asker: Asker, { groupId, version, ...signed }: ChangeGroup) {
    const entry = await this.#read(asker, groupId, signed)
    const chain = this.#chain(groupId)
    const stored = chain[entry.version - 1]
    const isRepeat = stored !== undefined && equalBytes(stored.entry.bytes, entry.bytes)
    if (!isRepeat) this.#append(this.#head(groupId), entry, signed)
    return this.#answer(asker, groupId, version - 1)
  }

  #list({ username }: Asker): readonly GroupHead[] {
    return [...this.#chains.keys()].flatMap((groupId) => {
      const last = this.#lastSeenBy(username, groupId)
      return last === undefined ? [] : [{ groupId, version: last.state.version }]
    })
  }

  /** As before a message is stored. */
  checkSend(
    { username }: Asker,
    { groupId, rosterVersion }: { readonly groupId: string; readonly rosterVersion: number },
    to: readonly string[],
  ): void {
    const head = this.#head(groupId)
    if (head === null || memberOf(head, username) === undefined) throw refused('NOT_FOUND')
    if (head.version !== rosterVersion) {
      throw refused('STALE_ROSTER', { groupId, currentVersion: head.version })
    }
    if (to.some((user) => memberOf(head, user) === undefined)) throw refused('BAD_USER_INPUT')
  }

  /** An entry that no rule has looked at, as a server that is its own author would store it. */
  unsafeAppend(groupId: string, entry: RosterEntry, signature: Bytes): void {
    const { group, version, hash, name, members } = entry
    this.#store(groupId, { group, version, hash, name, members }, entry, signature)
  }

  async #read(
    { username, deviceId }: Asker,
    groupId: string,
    { entry: bytes, signature }: { readonly entry: Bytes; readonly signature: Bytes },
  ): Promise<RosterEntry> {
    const entry = await readRosterEntry(bytes)
    const isOwn = entry?.author === username && entry.authorDevice === deviceId
    if (entry === undefined || !isOwn || entry.group !== groupId) throw refused('BAD_USER_INPUT')
    const device = this.#ports.listOf(username).devices.find(({ id }) => id === deviceId)
    if (device === undefined) throw refused('FORBIDDEN')
    if (!(await isSignedBy(device.signingKey, { entry, signature })))
      throw refused('BAD_USER_INPUT')
    return entry
  }

  #append(
    before: RosterState | null,
    entry: RosterEntry,
    { signature }: { readonly signature: Bytes },
  ): void {
    if (before === null && entry.version !== 1) throw refused('NOT_FOUND')
    if (before !== null && memberOf(before, entry.author) === undefined) throw refused('NOT_FOUND')
    const applied = applyEntry(before, entry)
    if (applied.kind === 'refused') {
      switch (applied.reason) {
        case 'not-next':
          throw refused('STALE_ROSTER', {
            groupId: entry.group,
            currentVersion: before?.version ?? 0,
          })
        case 'not-an-admin':
        case 'last-admin':
          throw refused('FORBIDDEN')
        case 'deleted':
        case 'not-a-member':
          throw refused('NOT_FOUND')
        default:
          throw refused('BAD_USER_INPUT')
      }
    }
    this.#checkKeys(before, applied.state)
    this.#store(entry.group, applied.state, entry, signature)
    const { group: groupId, version } = entry
    const concerned = new Set(
      [...(before?.members ?? []), ...entry.members].map(({ user }) => user),
    )
    for (const { devices } of [...concerned].map(this.#ports.listOf)) {
      for (const { id } of devices) this.#ports.tell(id, { groupId, version })
    }
  }

  #checkKeys(before: RosterState | null, { members }: RosterState): void {
    for (const { user, identityKey } of members) {
      if (before !== null && memberOf(before, user) !== undefined) continue
      if (!equalBytes(this.#ports.listOf(user).identityKey, identityKey)) throw refused('NOT_FOUND')
    }
  }

  #store(groupId: string, state: RosterState, entry: RosterEntry, signature: Bytes): void {
    // A clock that stands still would make the order of changes one of chance.
    this.#lastMs = Math.max(this.#ports.clock.nowMs(), this.#lastMs + 1)
    const answer = { entry: entry.bytes, signature, createdAtMs: this.#lastMs }
    this.#chains.set(groupId, [...this.#chain(groupId), { state, entry, answer }])
  }

  #answer(asker: Asker, groupId: string, after: number): GroupAnswer {
    const answer = this.#find(asker, groupId, after)
    if (answer === null) throw refused('NOT_FOUND')
    return this.#lie(answer, asker, after) ?? answer
  }

  #find({ username }: Asker, groupId: string, after: number): GroupAnswer | null {
    const last = this.#lastSeenBy(username, groupId)
    if (last === undefined) return null
    const { version, hash } = last.state
    const seen = this.#chain(groupId).slice(0, version)
    const entries = seen.slice(after, after + page).map(({ answer }) => answer)
    return { groupId, version, headHash: hash, entries }
  }

  /** The newest for members; for others the one that took them out; for strangers none. */
  #lastSeenBy(username: string, groupId: string): StoredEntry | undefined {
    const chain = this.#chain(groupId)
    const isIn = ({ state }: StoredEntry) => memberOf(state, username) !== undefined
    const last = chain.findLastIndex(isIn)
    if (last < 0) return undefined
    return chain[last + 1] ?? chain[last]
  }

  #chain(groupId: string): StoredEntry[] {
    return this.#chains.get(groupId) ?? []
  }

  #head(groupId: string): RosterState | null {
    return this.#chain(groupId).at(-1)?.state ?? null
  }
}

function refused(
  code: ConstructorParameters<typeof ChatError>[0],
  details: ConstructorParameters<typeof ChatError>[2] = {},
): ChatError {
  return new ChatError(code, `The service refuses this: ${code}.`, details)
}
