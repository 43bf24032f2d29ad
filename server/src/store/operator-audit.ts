import type { Database } from './database.ts'

export type AuditAction =
  | 'ADDED'
  | 'RESET'
  | 'REMOVED'
  | 'SIGNED_IN'
  | 'SIGNED_OUT'
  | 'DRAINED'
  | 'RESUMED'
  | 'REVEALED'

export interface AuditEntry {
  readonly at: Date
  readonly operator: string
  readonly action: AuditAction
  readonly serverId: number | null
  readonly recipient: string | null
  readonly reason: string | null
}

export interface AuditStore {
  insertEntry(entry: Omit<AuditEntry, 'at' | 'serverId' | 'reason'>): Promise<void>
  /** The latest first. */
  listEntries(limit: number): Promise<readonly AuditEntry[]>
}

export function createAuditStore({ pool }: Database): AuditStore {
  return {
    async insertEntry({ operator, action, recipient }) {
      await pool.query(
        'INSERT INTO operator_audit (operator, action, recipient) VALUES ($1, $2, $3)',
        [operator, action, recipient],
      )
    },
    async listEntries(limit) {
      const { rows } = await pool.query<AuditEntry>(
        `SELECT at, operator, action, server_id AS "serverId", recipient, reason
         FROM operator_audit ORDER BY id DESC LIMIT $1`,
        [limit],
      )
      return rows
    },
  }
}
