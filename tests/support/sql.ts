import pg from 'pg'

/** A connection past all servers: to look at what they stored, or to break it. */
export interface Sql extends AsyncDisposable {
  // biome-ignore lint/suspicious/noExplicitAny: the test says what a row is.
  rows<Row = any>(sql: string, values?: readonly unknown[]): Promise<Row[]>
  /** The one number that a query gives. */
  count(sql: string, values?: readonly unknown[]): Promise<number>
}

export async function openSql(url: string): Promise<Sql> {
  const client = new pg.Client({ connectionString: url })
  // A database that is killed on purpose must not end the test with it.
  client.on('error', () => {})
  await client.connect()
  const rows = async (sql: string, values: readonly unknown[] = []) =>
    (await client.query(sql, [...values])).rows
  return {
    rows,
    async count(sql, values) {
      const [row] = await rows(sql, values)
      return Number(Object.values(row ?? {})[0])
    },
    [Symbol.asyncDispose]: () => client.end(),
  }
}
