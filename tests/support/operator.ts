import { createHash, randomUUID } from 'node:crypto'
import { createOperatorToken } from '../../server/src/domain/operations/operator-token.ts'
import type { Sql } from './sql.ts'

/** A signed-in operator, written straight into the tables: for tests that are not about passwords. Returns the token. */
export async function createOperator(
  sql: Sql,
  name = 'olga',
  session: { readonly expiresIn?: string; readonly isRevoked?: boolean } = {},
): Promise<string> {
  const { token } = createOperatorToken()
  await sql.rows(
    `INSERT INTO operators (id, name, password_hash) VALUES ($1, $2, 'none') ON CONFLICT DO NOTHING`,
    [randomUUID(), name],
  )
  await sql.rows(
    `INSERT INTO operator_sessions (id, token_hash, operator_id, expires_at, revoked_at)
     SELECT $1, $2, id, now() + $4::interval, CASE WHEN $5 THEN now() END FROM operators WHERE name = $3`,
    [
      randomUUID(),
      createHash('sha256').update(token).digest(),
      name,
      session.expiresIn ?? '1 hour',
      session.isRevoked ?? false,
    ],
  )
  return token
}
