import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { PrismaClient } from '../generated/prisma/client.ts'

/** One pool for everything: Prisma for what happens seldom, plain statements for what happens with every message. */
export interface Database {
  readonly pool: pg.Pool
  readonly prisma: PrismaClient
  close(): Promise<void>
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
    // A statement that outlives this is a fault: no request may hold a mailbox lock for longer.
    options: '-c statement_timeout=10000 -c idle_in_transaction_session_timeout=10000',
    application_name: 'fastchat',
    keepAlive: true,
  })
  // An idle connection that dies (PostgreSQL restarts) must not take the process with it.
  pool.on('error', options.onError)
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
