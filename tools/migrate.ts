// `prisma migrate deploy` without Prisma's native engine: the same table, checksums, advisory lock and refusals, so that both
// tools agree about a database.
import { createHash, randomUUID } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import pg from 'pg'
import { Halt, runTask } from './halt.mjs'

/** The advisory lock that Prisma Migrate takes. */
const prismaLock = 72707369

export type Migrated = { readonly applied: readonly string[]; readonly warnings: readonly string[] }

/** Applies what is missing from `folder`. Processes that start together take turns: one applies, the rest find it done. */
export async function migrate(url: string, folder: string): Promise<Migrated> {
  const db = new pg.Client({ connectionString: url, application_name: 'fastchat-migrate' })
  await db.connect().catch((error: Error & { code?: string }) => {
    // What it says names host, user and database, never the password.
    throw new Halt(
      `The database cannot be reached: ${error.message || error.code}. Start it, or check DATABASE_URL.`,
    )
  })
  try {
    await db.query(`SET statement_timeout = '60s'`)
    await db.query('SELECT pg_advisory_lock($1)', [prismaLock])
    await db.query('SET statement_timeout = 0')
    await ensureTable(db)
    return await applyMissing(db, folder)
  } finally {
    await db.end()
  }
}

async function ensureTable(db: pg.Client): Promise<void> {
  const { rows } = await db.query<{ found: string | null }>(
    `SELECT to_regclass('_prisma_migrations')::text AS found`,
  )
  if (rows[0]?.found) return
  const { rowCount } = await db.query(
    `SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p', 'v', 'm') LIMIT 1`,
  )
  if (rowCount)
    throw new Halt(
      "The database holds tables that are not FastChat's (P3005). Give FastChat a database of its own in DATABASE_URL.",
    )
  await db.query(`CREATE TABLE _prisma_migrations (
    id                  VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum            VARCHAR(64) NOT NULL,
    finished_at         TIMESTAMPTZ,
    migration_name      VARCHAR(255) NOT NULL,
    logs                TEXT,
    rolled_back_at      TIMESTAMPTZ,
    started_at          TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count INTEGER NOT NULL DEFAULT 0)`)
}

async function applyMissing(db: pg.Client, folder: string): Promise<Migrated> {
  const known = await readHistory(db)
  const names = await migrationsIn(folder)
  const applied: string[] = []
  const warnings = [...known.keys()]
    .filter((name) => !names.includes(name))
    .map((name) => `The database has migration ${name}, which this version does not know.`)
  for (const name of names) {
    const sql = await readFile(path.join(folder, name, 'migration.sql'), 'utf8')
    const checksum = createHash('sha256').update(sql).digest('hex')
    const before = known.get(name)
    if (before !== undefined && before !== checksum)
      warnings.push(`Migration ${name} was edited after it was applied.`)
    if (before !== undefined) continue
    await apply(db, name, sql, checksum)
    applied.push(name)
  }
  return { applied, warnings }
}

async function readHistory(db: pg.Client): Promise<Map<string, string>> {
  const { rows } = await db.query<{ name: string; checksum: string; finished: boolean }>(
    `SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished
     FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at`,
  )
  const failed = rows.filter(({ finished }) => !finished)
  if (failed.length > 0)
    throw new Halt(
      `Migration ${failed.map(({ name }) => name).join(', ')} failed earlier and nothing was applied since (P3009). ` +
        'The table _prisma_migrations holds the reason in "logs". Mend it, then set rolled_back_at = now() on that row.',
    )
  return new Map(rows.map(({ name, checksum }) => [name, checksum]))
}

async function migrationsIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
}

async function apply(db: pg.Client, name: string, sql: string, checksum: string): Promise<void> {
  const id = randomUUID()
  await db.query(
    'INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ($1, $2, $3)',
    [id, checksum, name],
  )
  try {
    // One simple query for the whole file: one implicit transaction, and functions may hold semicolons.
    await db.query(sql)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    await db.query('ROLLBACK')
    await db.query('UPDATE _prisma_migrations SET logs = $2 WHERE id = $1', [id, reason])
    throw new Halt(`Migration ${name} failed and changed nothing (P3018): ${reason}`)
  }
  await db.query(
    'UPDATE _prisma_migrations SET finished_at = now(), applied_steps_count = 1 WHERE id = $1',
    [id],
  )
}

if (import.meta.main)
  await runTask(async () => {
    const url = process.env.DATABASE_URL
    if (url === undefined) throw new Halt('Set DATABASE_URL to the database to migrate.')
    const { applied, warnings } = await migrate(
      url,
      path.resolve(import.meta.dirname, '../prisma/migrations'),
    )
    for (const warning of warnings) console.warn(warning)
    console.log(applied.length === 0 ? 'Nothing to apply.' : `Applied ${applied.join(', ')}.`)
  })
