import type { Pool, PoolClient } from 'pg'

/** Runs `work` in a transaction of one connection: all of it happens, or nothing. `keep` says whether its result is committed. */
export async function inTransaction<T>(
  pool: Pool,
  work: (client: PoolClient) => Promise<T>,
  keep: (result: T) => boolean = () => true,
): Promise<T> {
  const client = await pool.connect()
  let broken: Error | undefined
  try {
    await client.query('BEGIN')
    const result = await work(client)
    await client.query(keep(result) ? 'COMMIT' : 'ROLLBACK')
    return result
  } catch (error) {
    // A connection that cannot even roll back is closed, which does.
    await client.query('ROLLBACK').catch((cause: unknown) => {
      broken = new Error('cannot roll back', { cause })
    })
    throw error
  } finally {
    client.release(broken)
  }
}
