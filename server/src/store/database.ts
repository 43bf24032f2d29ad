import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { PrismaClient } from '../generated/prisma/client.ts'

/** One pool for everything: Prisma for what happens seldom, plain statements for what happens with every message. */
export interface Database {
  readonly pool: pg.Pool
  readonly prisma: PrismaClient
  close(): Promise<void>
}

const sessionSettings = {
  // A statement that outlives this is a fault: no request may hold a mailbox lock for longer.
  statement_timeout: 10_000,
  idle_in_transaction_session_timeout: 10_000,
  // The hot statements are prepared once and join a few rows by key. Planning them each time costs more than running
  // them (measured: 1.0 ms against 0.4 ms for a read), and a plan made while the tables are empty must not scan them later.
  plan_cache_mode: 'force_generic_plan',
  enable_seqscan: 'off',
  jit: 'off',
}

export function openDatabase(options: {
  url: string
  poolSize: number
  onError: (error: Error) => void
}): Database {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.poolSize,
    connectionTimeoutMillis: 5_000,
    options: Object.entries(sessionSettings)
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
    application_name: 'fastchat',
    keepAlive: true,
    // The library gives up a connection after ten seconds without work. A new one has to sign in, read the catalogue and
    // plan the hot statements again.
    idleTimeoutMillis: 60_000,
  })
  // An idle connection that dies (PostgreSQL restarts) must not take the process with it.
  pool.on('error', options.onError)
  // Neither must one that dies while it is lent out, between two statements of a transaction: whoever has it is told by the
  // next statement.
  pool.on('connect', (client) => client.on('error', () => {}))
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) })
  return {
    pool,
    prisma,
    async close() {
      await prisma.$disconnect()
      await pool.end()
    },
  }
}
