import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { hashPassword } from '../../server/src/domain/operations/operator-password.ts'
import { createOperatorAccounts } from '../../server/src/store/operator-accounts.ts'

/** An operator for whoever opens the dashboard of the demo. */
export async function makeOperator(
  databaseUrl: string,
): Promise<{ readonly name: string; readonly password: string }> {
  const operator = { name: 'visitor', password: randomBytes(24).toString('base64url') }
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 })
  // PostgreSQL may be stopped before the last connection has closed.
  pool.on('error', () => {})
  try {
    const hash = await hashPassword(operator.password)
    await createOperatorAccounts({ pool }).add(operator.name, hash)
  } finally {
    await pool.end()
  }
  return operator
}
