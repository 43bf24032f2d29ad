import type { Database } from './database.ts'

type Bytes = Uint8Array<ArrayBuffer>

export interface GroupHead {
  readonly version: number
  readonly entry: Bytes
}

export interface StoredRosterEntry {
  readonly version: number
  readonly entry: Bytes
  readonly signature: Bytes
  readonly createdAt: Date
}

/** A group and the place of one account in it. */
export interface Membership {
  readonly groupId: string
  readonly createdAt: Date
  /** The newest entry, of which a former member must not learn. */
  readonly version: number
  readonly name: string
  readonly headHash: Uint8Array
  readonly deletedAt: Date | null
  readonly isAdmin: boolean
  /** Null for a member. */
  readonly leftVersion: number | null
  /** The entry that removed it; null for a member. */
  readonly lastEntry: Bytes | null
}

export interface GroupPage {
  readonly clientId: string
  /** The last group of the page before; null for the first page. */
  readonly after: string | null
  readonly limit: number
  /** Those it has left longer ago are forgotten. */
  readonly leftForMs: number
}

export interface Candidate {
  readonly username: string
  readonly identityKey: Uint8Array
  readonly isFull: boolean
}

export interface GroupReads {
  findHead(groupId: string): Promise<GroupHead | null>
  findEntry(groupId: string, version: number): Promise<StoredRosterEntry | null>
  /** Entries after one version and up to another, in order. */
  listEntries(page: {
    readonly groupId: string
    readonly after: number
    readonly upTo: number
    readonly limit: number
  }): Promise<StoredRosterEntry[]>
  findMembership(groupId: string, clientId: string): Promise<Membership | null>
  /** The groups of an account, by id. */
  listMemberships(page: GroupPage): Promise<Membership[]>
  /** The accounts of these names, and whether each is in so many groups already. */
  listCandidates(usernames: readonly string[], maxGroups: number): Promise<Candidate[]>
  /** On which servers the members of a version, and those whom it removed, are attached. */
  listAttached(
    groupId: string,
    version: number,
  ): Promise<{ readonly serverId: number; readonly clientIds: readonly string[] }[]>
}

const membershipColumns = `
m.group_id AS "groupId", g.created_at AS "createdAt", g.version, g.name, g.head_hash AS "headHash", g.deleted_at AS "deletedAt",
m.is_admin AS "isAdmin", m.left_version AS "leftVersion", e.entry AS "lastEntry"
FROM group_members m JOIN groups g ON g.id = m.group_id
LEFT JOIN roster_entries e ON e.group_id = m.group_id AND e.version = m.left_version`

const entryColumns = 'version, entry, signature, created_at AS "createdAt" FROM roster_entries'

export function createGroupReads({ pool }: Database): GroupReads {
  const first = async <Row extends object>(sql: string, values: readonly unknown[]) => {
    const { rows } = await pool.query<Row>(sql, [...values])
    return rows[0] ?? null
  }
  return {
    findHead: (groupId) =>
      first<GroupHead>(
        `SELECT g.version, e.entry FROM groups g JOIN roster_entries e ON e.group_id = g.id AND e.version = g.version
         WHERE g.id = $1`,
        [groupId],
      ),

    findEntry: (groupId, version) =>
      first<StoredRosterEntry>(`SELECT ${entryColumns} WHERE group_id = $1 AND version = $2`, [
        groupId,
        version,
      ]),

    async listEntries({ groupId, after, upTo, limit }) {
      const { rows } = await pool.query<StoredRosterEntry>(
        `SELECT ${entryColumns} WHERE group_id = $1 AND version > $2 AND version <= $3 ORDER BY version LIMIT $4`,
        [groupId, after, upTo, limit],
      )
      return rows
    },

    findMembership: (groupId, clientId) =>
      first<Membership>(`SELECT ${membershipColumns} WHERE m.group_id = $1 AND m.client_id = $2`, [
        groupId,
        clientId,
      ]),

    async listMemberships({ clientId, after, limit, leftForMs }) {
      const { rows } = await pool.query<Membership>(
        `SELECT ${membershipColumns} WHERE m.client_id = $1 AND ($2::uuid IS NULL OR m.group_id > $2)
           AND (m.left_at IS NULL OR m.left_at > clock_timestamp() - make_interval(secs => $3))
         ORDER BY m.group_id LIMIT $4`,
        [clientId, after, leftForMs / 1000, limit],
      )
      return rows
    },

    async listCandidates(usernames, maxGroups) {
      const { rows } = await pool.query<Candidate>(
        `SELECT username, identity_key AS "identityKey",
           (SELECT count(*) FROM group_members WHERE client_id = c.id AND left_version IS NULL) >= $2 AS "isFull"
         FROM clients c WHERE username = ANY ($1::text[])`,
        [usernames, maxGroups],
      )
      return rows
    },

    async listAttached(groupId, version) {
      const { rows } = await pool.query<{ serverId: number; clientIds: string[] }>(
        `SELECT b.attached_server AS "serverId", array_agg(DISTINCT m.client_id::text) AS "clientIds"
         FROM group_members m JOIN devices d ON d.client_id = m.client_id JOIN mailboxes b ON b.device_id = d.id
         WHERE m.group_id = $1 AND (m.left_version IS NULL OR m.left_version = $2) AND b.attached_server IS NOT NULL
         GROUP BY b.attached_server`,
        [groupId, version],
      )
      return rows
    },
  }
}
