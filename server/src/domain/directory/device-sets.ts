import type { Deps } from '../deps.ts'

export interface DeviceSet {
  readonly clientId: string
  /** As of the last look: whoever must be sure compares it again where he writes. */
  readonly currentVersion: number
  /** The devices of `currentVersion`, ascending. */
  readonly deviceIds: readonly string[]
}

export interface DeviceSets {
  /** The devices of an account, for a sender who knows `version`; null if there is no such account. */
  find(username: string, version: number): Promise<DeviceSet | null>
  /** The same from the database, now: for a refusal, which must not rest on what was remembered. */
  refresh(username: string): Promise<DeviceSet | null>
  /** To be told of `devices` notes: what is older is forgotten at once. */
  noticeVersion(username: string, version: number): void
}

export interface DeviceSetOptions {
  readonly maxAccounts?: number
  /** How long a lost note may go unnoticed. It costs an answer that comes later, not a wrong one: the store compares again. */
  readonly freshForMs?: number
  readonly now?: () => number
}

interface Entry extends DeviceSet {
  readonly readAt: number
}

/**
 * Remembers the device sets of the accounts that are written to. A set of one version never changes, so the only question is
 * whether there is a newer one: a sender who names one, a note, or the age of the entry each lead to another look.
 */
export function createDeviceSets(
  store: Pick<Deps['store'], 'accounts'>,
  { maxAccounts = 10_000, freshForMs = 2000, now = Date.now }: DeviceSetOptions = {},
): DeviceSets {
  const entries = new Map<string, Entry>()
  const reads = new Map<string, Promise<Entry | null>>()

  return {
    async find(username, version) {
      const entry = entries.get(username)
      const isFresh = entry !== undefined && now() - entry.readAt < freshForMs
      if (isFresh && entry.currentVersion >= version) {
        remember(username, entry)
        return entry
      }
      const running = reads.get(username)
      const found = await (running ?? read(username))
      // A read that was under way may have begun before the version that this sender knows.
      const isTooOld = running !== undefined && found !== null && found.currentVersion < version
      return isTooOld ? read(username) : found
    },

    // A read that is under way may have begun before whatever the sender knows.
    refresh: read,

    noticeVersion(username, version) {
      const known = entries.get(username)
      if (known === undefined || known.currentVersion < version) {
        entries.delete(username)
        // A read under way may have begun before the change.
        reads.delete(username)
      }
    },
  }

  /** Senders that ask at the same time share one read. */
  function read(username: string): Promise<Entry | null> {
    const reading = readEntry(username).then((entry) => {
      // Unless a note has since said that this is old.
      if (reads.get(username) === reading && entry !== null) remember(username, entry)
      return entry
    })
    reads.set(username, reading)
    const end = () => {
      if (reads.get(username) === reading) reads.delete(username)
    }
    reading.then(end, end)
    return reading
  }

  async function readEntry(username: string): Promise<Entry | null> {
    const readAt = now()
    const found = await store.accounts.findCurrentDevices(username)
    if (found === null) return null
    const { clientId, version, deviceIds } = found
    return { clientId, currentVersion: version, deviceIds, readAt }
  }

  function remember(username: string, entry: Entry): void {
    // The last used comes last, so the first one is the one to forget.
    entries.delete(username)
    entries.set(username, entry)
    const [oldest] = entries.keys()
    if (entries.size > maxAccounts && oldest !== undefined) entries.delete(oldest)
  }
}
