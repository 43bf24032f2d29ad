import type { Database } from './database.ts'

export type RegisteredState = 'UP' | 'DRAINING' | 'DOWN'

/** A row of the registry. Ages are by the clock of the database, the only one that all servers share. */
export interface RegisteredServer {
  readonly id: number
  readonly url: string
  readonly state: RegisteredState
  readonly version: string
  readonly messageTtlMs: number
  readonly sockets: number
  readonly startedAt: Date
  readonly heartbeatAgeMs: number
  /** Set while an operator wants it drained. */
  readonly drain: DrainOrder | null
}

export interface DrainOrder {
  readonly at: Date
  readonly by: string
  readonly reason: string | null
}

export type NewServer = Pick<RegisteredServer, 'id' | 'url' | 'version' | 'messageTtlMs'>

export interface Heartbeat {
  readonly id: number
  /** Tells this process from another that uses the same id. */
  readonly startedAt: Date
  readonly state: RegisteredState
  readonly sockets: number
}

export interface ServerStore {
  listServers(): Promise<readonly RegisteredServer[]>
  /** Takes the row of this id, whoever had it, and returns when that was. */
  registerServer(server: NewServer): Promise<Date>
  /** What operators want of this process. Null when the row is gone or belongs to another process. */
  heartbeat(heartbeat: Heartbeat): Promise<{ readonly drain: boolean } | null>
  unregisterServer(id: number, startedAt: Date): Promise<void>
  /** Forgets those that were killed and never came back. */
  deleteSilent(silentMs: number): Promise<void>
}

export function createServerStore({ pool }: Database): ServerStore {
  return {
    async listServers() {
      const { rows } = await pool.query<RegisteredServer>(
        `SELECT id, url, version, ttl_ms AS "messageTtlMs", sockets, started_at AS "startedAt",
           (extract(epoch FROM clock_timestamp() - heartbeat_at) * 1000)::float8 AS "heartbeatAgeMs",
           -- Ordered is as good as done for whoever looks for a server: the process itself may take a second to notice.
           CASE WHEN drain_at IS NOT NULL AND state = 'UP' THEN 'DRAINING' ELSE state END AS state,
           CASE WHEN drain_at IS NULL THEN NULL ELSE json_build_object('at', drain_at, 'by', drain_by, 'reason', drain_reason) END AS drain
         FROM servers ORDER BY id`,
      )
      return rows.map((row) => ({
        ...row,
        drain: row.drain && { ...row.drain, at: new Date(row.drain.at) },
      }))
    },

    async registerServer({ id, url, version, messageTtlMs }) {
      const { rows } = await pool.query<{ startedAt: Date }>(
        `INSERT INTO servers (id, url, state, version, ttl_ms, sockets, started_at, heartbeat_at)
         VALUES ($1, $2, 'UP', $3, $4, 0, clock_timestamp(), clock_timestamp())
         ON CONFLICT (id) DO UPDATE SET url = EXCLUDED.url, state = EXCLUDED.state, version = EXCLUDED.version,
           ttl_ms = EXCLUDED.ttl_ms, sockets = 0, started_at = EXCLUDED.started_at, heartbeat_at = EXCLUDED.heartbeat_at,
           drain_at = NULL, drain_by = NULL, drain_reason = NULL
         RETURNING started_at AS "startedAt"`,
        [id, url, version, messageTtlMs],
      )
      const [row] = rows
      if (row === undefined) throw new Error('unreachable: an upsert returns its row')
      return row.startedAt
    },

    async heartbeat({ id, startedAt, state, sockets }) {
      const { rows } = await pool.query<{ drain: boolean }>({
        name: 'heartbeat',
        text: `UPDATE servers SET state = $3, sockets = $4, heartbeat_at = clock_timestamp() WHERE id = $1 AND started_at = $2
         RETURNING drain_at IS NOT NULL AS drain`,
        values: [id, startedAt, state, sockets],
      })
      return rows[0] ?? null
    },

    async unregisterServer(id, startedAt) {
      await pool.query('DELETE FROM servers WHERE id = $1 AND started_at = $2', [id, startedAt])
    },

    async deleteSilent(silentMs) {
      await pool.query(
        `DELETE FROM servers WHERE heartbeat_at < clock_timestamp() - $1 * interval '1 millisecond'`,
        [silentMs],
      )
    },
  }
}
