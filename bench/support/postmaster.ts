import pg from 'pg'

/** Everything PostgreSQL does is below its first process. */
export async function postmasterPid(databaseUrl: string): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  const { rows } = await client.query<{ file: string }>(
    "SELECT pg_read_file('postmaster.pid') AS file",
  )
  await client.end()
  return Number.parseInt(rows[0]?.file ?? '', 10)
}
