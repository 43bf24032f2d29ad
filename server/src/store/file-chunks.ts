import type { Pool } from 'pg'
import { byteaArray, int4Array, uuidArray } from './binary-array.ts'
import { findUploads, type Upload } from './uploads.ts'

export interface NewChunk {
  readonly fileId: string
  readonly deviceId: string
  readonly index: number
  readonly data: Uint8Array
}

export type StoredChunk =
  | { readonly kind: 'stored'; readonly upload: Upload }
  /** There is no such upload of this device, or it has expired. */
  | { readonly kind: 'missing' }
  /** The file has no such chunk, or the chunk has another length. */
  | { readonly kind: 'misfit' }
  /** Other bytes are stored at this place. */
  | { readonly kind: 'other-bytes' }

export interface ChunkRequest {
  readonly fileId: string
  readonly index: number
  /** Who asks. */
  readonly clientId: string
  readonly deviceId: string
}

export interface FileChunk {
  readonly index: number
  readonly data: Uint8Array
  readonly expiresAt: Date
}

// In the order of their keys, so that two batches with the same chunks cannot wait for each other.
const putSql = `
INSERT INTO file_chunks (slot, file_id, index, data)
SELECT f.slot, f.id, w.index, w.data
FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::bytea[]) AS w(file, device, index, data)
CROSS JOIN LATERAL (
  SELECT * FROM files WHERE id = w.file AND device_id = w.device AND expires_at > clock_timestamp() LIMIT 1
) f
WHERE octet_length(w.data) = file_chunk_bytes(f.size, w.index)
ORDER BY f.id, w.index
ON CONFLICT DO NOTHING
RETURNING file_id, index`

const compareSql = `
SELECT file_chunk_bytes(f.size, $3::int) = octet_length($4::bytea) AS fits,
  (SELECT c.data = $4::bytea FROM file_chunks c WHERE c.slot = f.slot AND c.file_id = f.id AND c.index = $3::int) AS same
FROM files f WHERE f.id = $1 AND f.device_id = $2 AND f.expires_at > clock_timestamp()`

// The mailbox of a revoked device is gone, and with it what the device was meant to get. The driver takes every value as text, and
// base64 is less of it than hexadecimal (measured: 53 us against 225 us to read a chunk).
const readSql = `
SELECT w.ord::int AS ord, w.index, encode(c.data, 'base64') AS data, f.expires_at
FROM unnest($1::uuid[], $2::int[], $3::uuid[], $4::uuid[]) WITH ORDINALITY AS w(file, index, client, device, ord)
CROSS JOIN LATERAL (
  SELECT * FROM files
  WHERE id = w.file AND message_id IS NOT NULL AND expires_at > clock_timestamp()
    AND (client_id = w.client OR w.device = ANY (recipient_device_ids))
    AND EXISTS (SELECT FROM mailboxes b WHERE b.device_id = w.device)
  LIMIT 1
) f
CROSS JOIN LATERAL (
  SELECT data FROM file_chunks WHERE slot = f.slot AND file_id = f.id AND index = w.index LIMIT 1
) c`

interface ChunkRow {
  readonly ord: number
  readonly index: number
  readonly data: string
  readonly expires_at: Date
}

/** One statement, one commit for the whole batch. */
export async function putChunks(pool: Pool, batch: readonly NewChunk[]): Promise<StoredChunk[]> {
  const { rows } = await pool.query<{ file_id: string; index: number }>({
    name: 'put-chunks',
    text: putSql,
    values: [
      uuidArray(batch.map(({ fileId }) => fileId)),
      uuidArray(batch.map(({ deviceId }) => deviceId)),
      int4Array(batch.map(({ index }) => index)),
      byteaArray(batch.map(({ data }) => data)),
    ],
  })
  const stored = new Set(rows.map(({ file_id, index }) => `${file_id}/${index}`))
  const sharing = Map.groupBy(batch, ({ fileId, index }) => `${fileId}/${index}`)
  const refusals = new Map<NewChunk, StoredChunk>()
  for (const chunk of batch) {
    const place = `${chunk.fileId}/${chunk.index}`
    // Of several for one place it is not known which was stored: all of them are compared with it.
    if (stored.has(place) && sharing.get(place)?.length === 1) continue
    const refusal = await whyNot(pool, chunk)
    if (refusal !== null) refusals.set(chunk, refusal)
  }
  // Read after the commit: of chunks that arrive at once, the answer to the last one shows them all.
  const uploads = await findUploads(pool, batch)
  return batch.map((chunk) => {
    const upload = uploads.get(`${chunk.fileId}/${chunk.deviceId}`)
    const answer = refusals.get(chunk)
    if (answer !== undefined) return answer
    return upload === undefined ? { kind: 'missing' } : { kind: 'stored', upload }
  })
}

/** Why a chunk was not stored just now; null when it lies there already. */
async function whyNot(pool: Pool, chunk: NewChunk): Promise<StoredChunk | null> {
  const { rows } = await pool.query<{ fits: boolean; same: boolean | null }>({
    name: 'compare-chunk',
    text: compareSql,
    values: [chunk.fileId, chunk.deviceId, chunk.index, chunk.data],
  })
  const [row] = rows
  // Nothing there to compare with: the slot was emptied in between.
  if (row === undefined || (row.fits && row.same === null)) return { kind: 'missing' }
  if (!row.fits) return { kind: 'misfit' }
  return row.same === true ? null : { kind: 'other-bytes' }
}

export async function readChunks(
  pool: Pool,
  batch: readonly ChunkRequest[],
): Promise<(FileChunk | null)[]> {
  const { rows } = await pool.query<ChunkRow>({
    name: 'read-chunks',
    text: readSql,
    values: [
      uuidArray(batch.map(({ fileId }) => fileId)),
      int4Array(batch.map(({ index }) => index)),
      uuidArray(batch.map(({ clientId }) => clientId)),
      uuidArray(batch.map(({ deviceId }) => deviceId)),
    ],
  })
  const found = new Map(rows.map((row) => [row.ord, row]))
  return batch.map((_request, place) => {
    const row = found.get(place + 1)
    return row === undefined
      ? null
      : { index: row.index, data: Buffer.from(row.data, 'base64'), expiresAt: row.expires_at }
  })
}
