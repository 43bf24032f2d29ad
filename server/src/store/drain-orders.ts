import type { Database } from './database.ts'

export type DrainOrdered = 'ordered' | 'already' | 'not-there' | 'last-one'
export type ResumeOrdered = 'ordered' | 'already' | 'not-there'

/** What operators want of servers. The server reads it with its next heartbeat; the audit is written in the same commit. */
export interface DrainOrderStore {
  /** Refused for the last server that takes clients. */
  orderDrain(order: {
    readonly serverId: number
    readonly operator: string
    readonly reason: string | null
    readonly freshWithinMs: number
  }): Promise<DrainOrdered>
  orderResume(order: {
    readonly serverId: number
    readonly operator: string
  }): Promise<ResumeOrdered>
}

// All rows are locked, in their order: two operators who drain the last two servers take turns.
const drainSql = `
WITH held AS MATERIALIZED (
  SELECT id, drain_at, state, heartbeat_at > clock_timestamp() - make_interval(secs => $4::float8 / 1000) AS fresh
  FROM servers ORDER BY id FOR UPDATE
), verdict AS MATERIALIZED (
  SELECT CASE
    WHEN NOT EXISTS (SELECT FROM held WHERE id = $1) THEN 'not-there'
    WHEN EXISTS (SELECT FROM held WHERE id = $1 AND drain_at IS NOT NULL) THEN 'already'
    WHEN NOT EXISTS (SELECT FROM held WHERE id <> $1 AND drain_at IS NULL AND state = 'UP' AND fresh) THEN 'last-one'
    ELSE 'ordered' END AS answer
), done AS (
  UPDATE servers SET drain_at = clock_timestamp(), drain_by = $2, drain_reason = $3 FROM verdict
  WHERE id = $1 AND answer = 'ordered'
), noted AS (
  INSERT INTO operator_audit (operator, action, server_id, reason) SELECT $2, 'DRAINED', $1, $3 FROM verdict WHERE answer = 'ordered'
)
SELECT answer FROM verdict`

const resumeSql = `
WITH held AS MATERIALIZED (SELECT id, drain_at FROM servers WHERE id = $1 FOR UPDATE
), done AS (
  UPDATE servers s SET drain_at = NULL, drain_by = NULL, drain_reason = NULL FROM held
  WHERE s.id = held.id AND held.drain_at IS NOT NULL RETURNING s.id
), noted AS (
  INSERT INTO operator_audit (operator, action, server_id) SELECT $2, 'RESUMED', id FROM done
)
SELECT CASE WHEN NOT EXISTS (SELECT FROM held) THEN 'not-there' WHEN EXISTS (SELECT FROM done) THEN 'ordered' ELSE 'already' END AS answer`

export function createDrainOrderStore({ pool }: Database): DrainOrderStore {
  return {
    async orderDrain({ serverId, operator, reason, freshWithinMs }) {
      const { rows } = await pool.query<{ answer: DrainOrdered }>(drainSql, [
        serverId,
        operator,
        reason,
        freshWithinMs,
      ])
      return rows[0]?.answer ?? 'not-there'
    },
    async orderResume({ serverId, operator }) {
      const { rows } = await pool.query<{ answer: ResumeOrdered }>(resumeSql, [serverId, operator])
      return rows[0]?.answer ?? 'not-there'
    },
  }
}
