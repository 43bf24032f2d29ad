import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Sql } from './sql.ts'

/** Every row of every table, as PostgreSQL prints it (bytes as hex) and each value of bytes as it is. */
export async function dumpTables(sql: Sql): Promise<Buffer> {
  const tables = await sql.rows<{ name: string }>(
    `SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public'`,
  )
  const parts: Buffer[] = []
  for (const { name } of tables)
    for (const row of await sql.rows(`SELECT t::text AS printed, t.* FROM ${name} t`))
      for (const value of Object.values(row))
        parts.push(Buffer.isBuffer(value) ? value : Buffer.from(String(value)), Buffer.from('\n'))
  return Buffer.concat(parts)
}

export interface StoredFile {
  readonly name: string
  readonly content: Buffer
}

/** The data folder of a PostgreSQL, file by file: tables, indexes, write-ahead log, its own log. */
export async function* dataFiles(sql: Sql): AsyncGenerator<StoredFile> {
  const [row] = await sql.rows<{ folder: string }>(
    `SELECT current_setting('data_directory') AS folder`,
  )
  const folder = row?.folder as string
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  for (const entry of entries) {
    if (!entry.isFile()) continue
    const file = path.join(entry.parentPath, entry.name)
    // A file may be removed while the folder is read.
    const content = await readFile(file).catch(() => undefined)
    if (content !== undefined) yield { name: path.relative(folder, file), content }
  }
}
