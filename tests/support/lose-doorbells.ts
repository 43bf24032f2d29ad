import type { Sql } from './sql.ts'

/**
 * From the next connection on, every NOTIFY of this database goes nowhere: a function of the same name stands in front of
 * PostgreSQL's own. The servers notice nothing. Lost notes are counted in `lost_notes`.
 */
export async function loseDoorbells(sql: Sql): Promise<void> {
  await sql.rows('CREATE SCHEMA deaf')
  await sql.rows('CREATE SEQUENCE deaf.lost_notes')
  await sql.rows(`CREATE FUNCTION deaf.pg_notify(channel text, payload text) RETURNS void
    LANGUAGE sql BEGIN ATOMIC SELECT nextval('deaf.lost_notes'); END`)
  const [row] = await sql.rows<{ name: string }>('SELECT current_database() AS name')
  await sql.rows(`ALTER DATABASE "${row?.name}" SET search_path = deaf, pg_catalog, public`)
  await sql.rows(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()`)
}
