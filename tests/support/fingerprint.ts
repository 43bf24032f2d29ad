import type { Sql } from './sql.ts'

const tables = [
  'clients',
  'devices',
  'sessions',
  'mailboxes',
  'sent_messages',
  'outcomes',
  'msg_store',
  'msg_bodies',
  'groups',
  'group_members',
  'roster_entries',
  'files',
  'file_chunks',
]

/** Changes when anything changes in what people own: one row more, one byte other. */
export async function fingerprint(sql: Sql): Promise<string> {
  const parts = tables.map(
    (table) =>
      `SELECT '${table} ' || count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') AS part FROM ${table} t`,
  )
  const rows = await sql.rows<{ part: string }>(parts.join(' UNION ALL '))
  return rows.map(({ part }) => part).join('\n')
}
