import type { Database } from './database.ts'

export interface NewSession {
  readonly id: string
  readonly tokenHash: Uint8Array<ArrayBuffer>
  readonly lifetimeMs: number
}

export interface SessionOwner {
  readonly sessionId: string
  readonly clientId: string
  readonly username: string
  readonly deviceId: string | null
}

export interface SessionStore {
  /** Returns when it will expire. */
  insertSession(session: NewSession & { clientId: string; deviceId: string | null }): Promise<Date>
  /** Who a token belongs to; null if its session has ended or its device was revoked. */
  findOwner(tokenHash: Uint8Array): Promise<SessionOwner | null>
  /** Ends it and, if no other session of its device is open, frees the mailbox. Returns whether it was still open. */
  revokeSession(sessionId: string): Promise<boolean>
  /** Sessions ended at or after a moment of the database's clock, for servers that missed the note. */
  findRevokedSince(since: Date): Promise<{ sessionId: string; revokedAt: Date }[]>
  /** Those of the given sessions that are over, for whatever reason. */
  findEnded(sessionIds: readonly string[]): Promise<string[]>
  /** Forgets sessions that ended more than a day ago. */
  deleteEnded(): Promise<void>
}

/** The part of Prisma that a session is written through: the client, or one of its transactions. */
type Writer = Pick<Database['prisma'], '$queryRaw'>

export async function insertSession(
  writer: Writer,
  session: NewSession & { clientId: string; deviceId: string | null },
): Promise<Date> {
  const [row] = await writer.$queryRaw<{ expires_at: Date }[]>`
    INSERT INTO sessions (id, token_hash, client_id, device_id, expires_at)
    VALUES (${session.id}::uuid, ${session.tokenHash}, ${session.clientId}::uuid, ${session.deviceId}::uuid,
      clock_timestamp() + ${session.lifetimeMs} * interval '1 millisecond')
    RETURNING expires_at`
  if (row === undefined) throw new Error('unreachable: an insert returns its row')
  return row.expires_at
}

export function createSessionStore({ pool, prisma }: Database): SessionStore {
  return {
    insertSession: (session) => insertSession(prisma, session),

    async findOwner(tokenHash) {
      const { rows } = await pool.query<SessionOwner>(
        `SELECT s.id AS "sessionId", s.client_id AS "clientId", c.username, s.device_id AS "deviceId"
         FROM sessions s JOIN clients c ON c.id = s.client_id LEFT JOIN devices d ON d.id = s.device_id
         WHERE s.token_hash = $1 AND s.revoked_at IS NULL AND s.expires_at > clock_timestamp()
           AND d.revoked_in IS NULL`,
        [tokenHash],
      )
      return rows[0] ?? null
    },

    async revokeSession(sessionId) {
      const { rowCount } = await pool.query(
        `WITH ended AS (
           UPDATE sessions SET revoked_at = clock_timestamp() WHERE id = $1 AND revoked_at IS NULL RETURNING device_id
         ), freed AS (
           UPDATE mailboxes m SET attachment_id = NULL, attached_server = NULL, attached_at = NULL FROM ended
           WHERE m.device_id = ended.device_id AND NOT EXISTS (
             SELECT 1 FROM sessions s WHERE s.device_id = ended.device_id AND s.id <> $1
               AND s.revoked_at IS NULL AND s.expires_at > clock_timestamp())
         )
         SELECT FROM ended`,
        [sessionId],
      )
      return rowCount === 1
    },

    async findRevokedSince(since) {
      const { rows } = await pool.query<{ sessionId: string; revokedAt: Date }>({
        name: 'revoked-sessions',
        text: `SELECT id AS "sessionId", revoked_at AS "revokedAt" FROM sessions
         WHERE revoked_at >= $1 ORDER BY revoked_at`,
        values: [since],
      })
      return rows
    },

    async findEnded(sessionIds) {
      const { rows } = await pool.query<{ id: string }>(
        `SELECT given.id FROM unnest($1::uuid[]) AS given (id)
         WHERE NOT EXISTS (SELECT FROM sessions s
           WHERE s.id = given.id AND s.revoked_at IS NULL AND s.expires_at > clock_timestamp())`,
        [sessionIds],
      )
      return rows.map(({ id }) => id)
    },

    async deleteEnded() {
      await pool.query(
        `DELETE FROM sessions WHERE least(revoked_at, expires_at) < clock_timestamp() - interval '1 day'`,
      )
    },
  }
}
