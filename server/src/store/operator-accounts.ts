import { randomUUID } from 'node:crypto'
import type { Database } from './database.ts'

/** What is done to operators from the command line, and nowhere else. Each leaves its line in the audit. */
export interface OperatorAccounts {
  /** False when the name is taken. */
  add(name: string, passwordHash: string): Promise<boolean>
  list(): Promise<readonly { name: string; createdAt: Date; sessions: number }[]>
  /** Ends every session. False when there is nobody of that name. */
  reset(name: string, passwordHash: string): Promise<boolean>
  /** Sessions go with it. False when there is nobody of that name. */
  remove(name: string): Promise<boolean>
}

const audited = (action: string) =>
  `INSERT INTO operator_audit (operator, action) SELECT name, '${action}' FROM done RETURNING 1`

export function createOperatorAccounts({ pool }: Pick<Database, 'pool'>): OperatorAccounts {
  const did = async (sql: string, values: readonly string[]) =>
    (await pool.query(sql, [...values])).rowCount === 1

  return {
    add: (name, passwordHash) =>
      did(
        `WITH done AS (INSERT INTO operators (id, name, password_hash) VALUES ($1, $2, $3)
           ON CONFLICT (name) DO NOTHING RETURNING name) ${audited('ADDED')}`,
        [randomUUID(), name, passwordHash],
      ),
    async list() {
      const { rows } = await pool.query<{ name: string; createdAt: Date; sessions: number }>(
        `SELECT name, created_at AS "createdAt", (SELECT count(*)::int FROM operator_sessions s
           WHERE s.operator_id = o.id AND revoked_at IS NULL AND expires_at > clock_timestamp()) AS sessions
         FROM operators o ORDER BY name`,
      )
      return rows
    },
    reset: (name, passwordHash) =>
      did(
        `WITH done AS (UPDATE operators SET password_hash = $2 WHERE name = $1 RETURNING id, name),
           ended AS (UPDATE operator_sessions s SET revoked_at = clock_timestamp() FROM done
             WHERE s.operator_id = done.id AND revoked_at IS NULL)
         ${audited('RESET')}`,
        [name, passwordHash],
      ),
    remove: (name) =>
      did(
        `WITH done AS (DELETE FROM operators WHERE name = $1 RETURNING name) ${audited('REMOVED')}`,
        [name],
      ),
  }
}
