import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Sql } from './sql.ts'

/** Ways to break what servers tell each other, from outside: the servers have no switch for it. */
export interface LostDoorbells extends AsyncDisposable {
  /** How many were lost so far. */
  count(): Promise<number>
}

/**
 * From now on every NOTIFY of this database goes nowhere: a function of the same name stands in front of PostgreSQL's own,
 * and the servers have to connect anew.
 */
export async function loseNotifications(sql: Sql): Promise<LostDoorbells> {
  await sql.rows('CREATE SCHEMA deaf')
  await sql.rows('CREATE SEQUENCE deaf.lost_notes')
  await sql.rows(`CREATE FUNCTION deaf.pg_notify(channel text, payload text) RETURNS void
    LANGUAGE sql BEGIN ATOMIC SELECT nextval('deaf.lost_notes'); END`)
  const [row] = await sql.rows<{ name: string }>('SELECT current_database() AS name')
  await sql.rows(`ALTER DATABASE "${row?.name}" SET search_path = deaf, pg_catalog, public`)
  await sql.rows(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()`)
  return {
    count: () =>
      sql.count('SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM deaf.lost_notes'),
    [Symbol.asyncDispose]: async () => {},
  }
}

/** From now on servers that look for each other are sent to a place that refuses them. Before they have found each other. */
export async function loseCalls(sql: Sql): Promise<LostDoorbells> {
  let calls = 0
  const nobody = createServer((_request, response) => response.writeHead(503).end())
  nobody.on('upgrade', (_request, wire) => {
    calls += 1
    wire.destroy()
  })
  nobody.listen(0, '127.0.0.1')
  await once(nobody, 'listening')
  const { port } = nobody.address() as AddressInfo
  await sql.rows('UPDATE servers SET url = $1', [`http://127.0.0.1:${port}`])
  return {
    count: async () => calls,
    async [Symbol.asyncDispose]() {
      nobody.closeAllConnections()
      nobody.close()
      await once(nobody, 'close')
    },
  }
}
