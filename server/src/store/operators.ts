import type { Database } from './database.ts'

export interface OperatorRecord {
  readonly id: string
  readonly name: string
  readonly passwordHash: string
}

export interface OperatorSession {
  readonly sessionId: string
  readonly name: string
  readonly expiresAt: Date
}

export interface OperatorStore {
  findOperator(name: string): Promise<OperatorRecord | null>
  /** Returns when it will expire. */
  insertSession(session: {
    readonly id: string
    readonly tokenHash: Uint8Array
    readonly operatorId: string
    readonly lifetimeMs: number
  }): Promise<Date>
  findSession(tokenHash: Uint8Array): Promise<OperatorSession | null>
  isSessionOpen(sessionId: string): Promise<boolean>
  revokeSession(sessionId: string): Promise<void>
  /** Forgets sessions that ended more than a day ago. */
  deleteEnded(): Promise<void>
}

const open = 'revoked_at IS NULL AND expires_at > clock_timestamp()'

export function createOperatorStore({ pool }: Database): OperatorStore {
  return {
    async findOperator(name) {
      const { rows } = await pool.query<OperatorRecord>(
        'SELECT id, name, password_hash AS "passwordHash" FROM operators WHERE name = $1',
        [name],
      )
      return rows[0] ?? null
    },
    async insertSession({ id, tokenHash, operatorId, lifetimeMs }) {
      const { rows } = await pool.query<{ expires_at: Date }>(
        `INSERT INTO operator_sessions (id, token_hash, operator_id, expires_at)
         VALUES ($1, $2, $3, clock_timestamp() + $4 * interval '1 millisecond') RETURNING expires_at`,
        [id, tokenHash, operatorId, lifetimeMs],
      )
      const [row] = rows
      if (row === undefined) throw new Error('unreachable: an insert returns its row')
      return row.expires_at
    },
    async findSession(tokenHash) {
      const { rows } = await pool.query<OperatorSession>(
        `SELECT s.id AS "sessionId", o.name, s.expires_at AS "expiresAt"
         FROM operator_sessions s JOIN operators o ON o.id = s.operator_id WHERE token_hash = $1 AND ${open}`,
        [tokenHash],
      )
      return rows[0] ?? null
    },
    async isSessionOpen(sessionId) {
      const { rowCount } = await pool.query(
        `SELECT FROM operator_sessions WHERE id = $1 AND ${open}`,
        [sessionId],
      )
      return rowCount === 1
    },
    async revokeSession(sessionId) {
      await pool.query(
        `UPDATE operator_sessions SET revoked_at = clock_timestamp() WHERE id = $1 AND ${open}`,
        [sessionId],
      )
    },
    async deleteEnded() {
      await pool.query(
        `DELETE FROM operator_sessions WHERE least(revoked_at, expires_at) < clock_timestamp() - interval '1 day'`,
      )
    },
  }
}
