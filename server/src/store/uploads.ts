import type { Pool, PoolClient } from 'pg'
import { uuidArray } from './binary-array.ts'
import { inTransaction } from './in-transaction.ts'

export interface NewUpload {
  readonly fileId: string
  readonly clientId: string
  readonly deviceId: string
  /** Bytes of all sealed chunks together. */
  readonly size: number
  readonly chunkCount: number
}

export interface Upload {
  readonly fileId: string
  readonly size: number
  readonly chunkCount: number
  /** Ascending. */
  readonly receivedChunks: readonly number[]
  /** Until when it can be sent; once it is sent, when its message expires. */
  readonly expiresAt: Date
}

export interface FileQuota {
  /** Uploads of one device that were not sent yet. */
  readonly openUploads: number
  /** Bytes of one account that have not expired. */
  readonly liveBytes: number
}

export type StartedUpload =
  | { readonly kind: 'started'; readonly upload: Upload }
  /** The id stands for another file. */
  | { readonly kind: 'taken' }
  /** The quota is used up until something expires. */
  | { readonly kind: 'full'; readonly retryAfterMs: number }

const findSql = `
SELECT DISTINCT ON (f.id) f.id, f.device_id, f.size, f.chunk_count, f.expires_at,
  ARRAY(SELECT c.index FROM file_chunks c WHERE c.slot = f.slot AND c.file_id = f.id ORDER BY c.index) AS received
FROM unnest($1::uuid[], $2::uuid[]) AS wanted(file, device)
CROSS JOIN LATERAL (
  SELECT * FROM files WHERE id = wanted.file AND device_id = wanted.device AND expires_at > clock_timestamp() LIMIT 1
) f
ORDER BY f.id`

interface UploadRow {
  readonly id: string
  readonly device_id: string
  readonly size: number
  readonly chunk_count: number
  readonly expires_at: Date
  readonly received: number[]
}

const knownSql = `
SELECT size, chunk_count, device_id, message_id IS NOT NULL AS sent, expires_at > clock_timestamp() AS alive
FROM files WHERE id = $1 FOR UPDATE`

interface KnownRow {
  readonly size: number
  readonly chunk_count: number
  readonly device_id: string
  readonly sent: boolean
  readonly alive: boolean
}

const usedSql = `
SELECT count(*) FILTER (WHERE device_id = $2 AND message_id IS NULL)::int AS open, coalesce(sum(size), 0)::int AS bytes,
  ceil(extract(epoch FROM min(expires_at) - clock_timestamp()) * 1000)::int AS first_expires_in_ms
FROM files WHERE client_id = $1 AND expires_at > clock_timestamp()`

interface UsedRow {
  readonly open: number
  readonly bytes: number
  readonly first_expires_in_ms: number | null
}

// Begun anew, it goes to the slot of now: chunks of the first time stay behind, where nobody finds them.
const insertSql = `
INSERT INTO files (id, client_id, device_id, slot, size, chunk_count, started_at, expires_at)
SELECT $1, $2, $3, msg_slot(at, 2 * $6::int), $4, $5, at, at + make_interval(secs => $6::int / 1000.0)
FROM date_trunc('milliseconds', clock_timestamp()) AS at
ON CONFLICT (id) DO UPDATE SET slot = excluded.slot, started_at = excluded.started_at, expires_at = excluded.expires_at
  WHERE files.device_id = excluded.device_id AND files.message_id IS NULL`

export async function startUpload(
  pool: Pool,
  options: {
    readonly upload: NewUpload
    readonly quota: FileQuota
    readonly messageTtlMs: number
  },
): Promise<StartedUpload> {
  const { upload, quota, messageTtlMs } = options
  const { fileId, clientId, deviceId, size, chunkCount } = upload
  const started = await inTransaction(pool, async (client) => {
    // Of one account one after the other: two at once would both find room.
    await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [clientId])
    const known = await client.query<KnownRow>(knownSql, [fileId])
    const [file] = known.rows
    if (file !== undefined) {
      const same = file.size === size && file.chunk_count === chunkCount
      if (file.device_id !== deviceId || !same) return 'taken'
      if (file.alive) return 'started'
      if (file.sent) return 'taken'
    }
    const retryAfterMs = await untilRoom(client, upload, quota)
    if (retryAfterMs !== null) return retryAfterMs
    const values = [fileId, clientId, deviceId, size, chunkCount, messageTtlMs]
    const { rowCount } = await client.query(insertSql, values)
    return rowCount === 1 ? 'started' : 'taken'
  })
  if (started === 'taken') return { kind: 'taken' }
  if (typeof started === 'number') return { kind: 'full', retryAfterMs: started }
  const found = await findUploads(pool, [{ fileId, deviceId }])
  const begun = found.get(`${fileId}/${deviceId}`)
  // It expired before it could be answered: the first answer would have come too late as well.
  return begun === undefined ? { kind: 'taken' } : { kind: 'started', upload: begun }
}

/** Milliseconds until something expires; null when there is room now. */
async function untilRoom(
  client: PoolClient,
  { clientId, deviceId, size }: NewUpload,
  quota: FileQuota,
): Promise<number | null> {
  const { rows } = await client.query<UsedRow>(usedSql, [clientId, deviceId])
  const [used] = rows
  if (used === undefined) return null
  if (used.open < quota.openUploads && used.bytes + size <= quota.liveBytes) return null
  return Math.max(1, used.first_expires_in_ms ?? 1)
}

/** Uploads that have not expired, by `fileId/deviceId`. */
export async function findUploads(
  pool: Pool,
  wanted: readonly { readonly fileId: string; readonly deviceId: string }[],
): Promise<ReadonlyMap<string, Upload>> {
  const { rows } = await pool.query<UploadRow>({
    name: 'find-uploads',
    text: findSql,
    values: [
      uuidArray(wanted.map(({ fileId }) => fileId)),
      uuidArray(wanted.map(({ deviceId }) => deviceId)),
    ],
  })
  return new Map(rows.map((row) => [`${row.id}/${row.device_id}`, toUpload(row)]))
}

const toUpload = (row: UploadRow): Upload => ({
  fileId: row.id,
  size: row.size,
  chunkCount: row.chunk_count,
  receivedChunks: row.received,
  expiresAt: row.expires_at,
})
