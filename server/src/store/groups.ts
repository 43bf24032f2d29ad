import type { Database } from './database.ts'
import { createGroupReads, type GroupReads } from './group-reads.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** The next entry of a group, which the rules have allowed, and what it makes of the state before it. */
export interface GroupChange {
  readonly groupId: string
  readonly version: number
  readonly entry: Bytes
  readonly hash: Bytes
  readonly signature: Bytes
  readonly name: string
  /** New members, and those who became or ceased to be admins. */
  readonly set: readonly { readonly username: string; readonly isAdmin: boolean }[]
  readonly removed: readonly string[]
  readonly isLast: boolean
}

export interface GroupStore extends GroupReads {
  /** False when there is a group of that id. */
  insert(change: GroupChange): Promise<boolean>
  /** Appends an entry to the one of that hash. False when that is not the newest one (any more). */
  append(change: GroupChange, prev: Bytes): Promise<boolean>
  /** Forgets what was deleted, and who left, longer ago than this. */
  deleteLeft(olderThanMs: number): Promise<void>
}

const insertSql = `
WITH made AS (
  INSERT INTO groups (id, name, version, head_hash, created_at)
  VALUES ($1, $6, $2, $4, date_trunc('milliseconds', clock_timestamp())) ON CONFLICT DO NOTHING RETURNING id, created_at
), entry AS (
  INSERT INTO roster_entries (group_id, version, entry, signature, created_at) SELECT id, $2, $3, $5, created_at FROM made
), joined AS (
  INSERT INTO group_members (group_id, client_id, is_admin)
  SELECT made.id, c.id, s.admin FROM made, unnest($7::text[], $8::boolean[]) AS s(username, admin) JOIN clients c USING (username)
)
SELECT FROM made`

// The row of the group is locked first, and the head it names is the one that the rules have looked at. Whoever was
// quicker has made this change impossible, and every send that was let in under the old roster has been committed.
const appendSql = `
WITH moved AS MATERIALIZED (
  UPDATE groups SET version = $2, head_hash = $4, name = $6,
    deleted_at = CASE WHEN $10::boolean THEN date_trunc('milliseconds', clock_timestamp()) END
  WHERE id = $1 AND version = $2 - 1 AND head_hash = $11 RETURNING id, date_trunc('milliseconds', clock_timestamp()) AS at
), entry AS (
  INSERT INTO roster_entries (group_id, version, entry, signature, created_at) SELECT id, $2, $3, $5, at FROM moved
), removed AS (
  UPDATE group_members m SET left_version = $2, left_at = moved.at, is_admin = false
  FROM moved, clients c WHERE m.group_id = moved.id AND m.client_id = c.id AND c.username = ANY ($9::text[])
), joined AS (
  INSERT INTO group_members AS m (group_id, client_id, is_admin)
  SELECT moved.id, c.id, s.admin FROM moved, unnest($7::text[], $8::boolean[]) AS s(username, admin) JOIN clients c USING (username)
  ON CONFLICT (group_id, client_id) DO UPDATE SET is_admin = excluded.is_admin, left_version = NULL, left_at = NULL
)
SELECT FROM moved`

export function createGroupStore(database: Database): GroupStore {
  const { pool } = database

  const valuesOf = (change: GroupChange) => [
    change.groupId,
    change.version,
    Buffer.from(change.entry),
    Buffer.from(change.hash),
    Buffer.from(change.signature),
    change.name,
    change.set.map(({ username }) => username),
    change.set.map(({ isAdmin }) => isAdmin),
  ]

  return {
    ...createGroupReads(database),

    async insert(change) {
      const { rowCount } = await pool.query(insertSql, valuesOf(change))
      return rowCount === 1
    },

    async append(change, prev) {
      const values = [...valuesOf(change), change.removed, change.isLast, Buffer.from(prev)]
      const { rowCount } = await pool.query(appendSql, values)
      return rowCount === 1
    },

    async deleteLeft(olderThanMs) {
      const age = [olderThanMs / 1000]
      await pool.query(
        'DELETE FROM group_members WHERE left_at < clock_timestamp() - make_interval(secs => $1)',
        age,
      )
      await pool.query(
        'DELETE FROM groups WHERE deleted_at < clock_timestamp() - make_interval(secs => $1)',
        age,
      )
    },
  }
}
