import { randomBytes } from 'node:crypto'
import path from 'node:path'
import pg from 'pg'
import { migrate } from '../../tools/migrate.ts'

export interface TestDatabase {
  readonly url: string
  drop(): Promise<void>
}

/** Makes a migrated database of its own for one test file, on the PostgreSQL that `npm test` lends or on the given one. */
export async function createTestDatabase(
  admin = process.env.TEST_DATABASE_URL,
): Promise<TestDatabase> {
  if (admin === undefined)
    throw new Error('TEST_DATABASE_URL is not set. Run the tests with npm test.')
  const name = `fastchat_test_${randomBytes(6).toString('hex')}`
  await runOn(admin, `CREATE DATABASE ${name}`)
  const url = new URL(admin)
  url.pathname = `/${name}`
  await migrate(url.href, path.resolve(import.meta.dirname, '../../prisma/migrations'))
  return { url: url.href, drop: () => runOn(admin, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) }
}

async function runOn(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
