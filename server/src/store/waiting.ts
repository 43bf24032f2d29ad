import type { Database } from './database.ts'
import { sampleSlots, slotBefore } from './samples.ts'

/** What waits in all mailboxes. A message that waits for two devices counts twice. */
export interface WaitingFigures {
  readonly messages: number
  readonly bytes: number
  /** Of the oldest one; null when nothing waits. */
  readonly oldestMs: number | null
  /** Messages in each tenth of the lifetime, the youngest first. */
  readonly ages: readonly number[]
  /** Accounts that anything waits for. */
  readonly recipientCount: number
  /** Those that most waits for. */
  readonly recipients: readonly WaitingAccount[]
  /** What it cost to find this out. */
  readonly tookMs: number
}

export interface WaitingAccount {
  readonly clientId: string
  readonly messages: number
  readonly bytes: number
  readonly oldestMs: number
}

export interface WaitingSample {
  /** Since 1970, by the clock of the database. */
  readonly second: number
  readonly figures: WaitingFigures
}

export interface SweeperState {
  /** Null: never. */
  readonly lastRunAt: Date | null
  readonly lastExpired: number
  readonly lastTookMs: number
  readonly lastTruncatedAt: Date | null
}

export interface WaitingStore {
  /** Measures now and keeps it as the sample of the second that was claimed. */
  measure(second: number): Promise<void>
  /** Samples of the last `seconds`, in no order. */
  listSamples(seconds: number): Promise<readonly WaitingSample[]>
  /** The accounts for which something waits at this moment. */
  listRecipients(): Promise<readonly { readonly clientId: string; readonly username: string }[]>
  findSweeper(): Promise<SweeperState>
}

const buckets = 10
const listedRecipients = 20

// A mailbox that is empty by its quota is not looked into: the quota may be late in freeing what expired, never in counting
// what came. From the few others a loop over the index of the ring; what it joins with is never worth a hash.
const settings = `BEGIN READ WRITE; SET LOCAL enable_seqscan = on; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off;
SET LOCAL statement_timeout = 5000;`

// Subtracted, not compared: no index answers that. By the index of expiry, which finds everything that lives, the planner
// would rather begin with a hundred thousand messages and ask for the mailbox of each: 600 ms where this takes 7.
const waitingIn = `mailboxes b JOIN msg_store s ON s.device_id = b.device_id AND s.seq > b.acked_seq`
const isWaiting = (now: string) => `b.stored_count > 0 AND s.expires_at - ${now} > interval '0'`

// Counted by device first, with nothing but comparisons for each message: with a hundred thousand waiting, that is what counts.
// Without parameters, because it is several statements. Both are numbers of ours.
const measureSql = (ttlMs: number, second: number) => {
  const bucketNumbers = Array.from({ length: buckets }, (_, index) => index + 1)
  const youngerThan = (bucket: number) =>
    `count(*) FILTER (WHERE s.accepted_at > now - interval '${Math.round((ttlMs / buckets) * bucket)} ms')`
  const inBucket = (bucket: number) =>
    `coalesce(sum(younger_${bucket} - ${bucket === 1 ? '0' : `younger_${bucket - 1}`}), 0)::int`
  const ageMs = (since: string) => `greatest(0, extract(epoch FROM now - ${since}) * 1000)::float8`

  return `${settings}
WITH moment AS MATERIALIZED (SELECT clock_timestamp() AS now
), by_device AS MATERIALIZED (
  SELECT b.device_id, count(*) AS messages, sum(s.size) AS bytes, min(s.accepted_at) AS oldest,
    ${bucketNumbers.map((bucket) => `${bucket === buckets ? 'count(*)' : youngerThan(bucket)} AS younger_${bucket}`).join(', ')}
  FROM moment, ${waitingIn} WHERE ${isWaiting('now')} GROUP BY b.device_id
), recipients AS MATERIALIZED (
  SELECT d.client_id, sum(messages)::int AS messages, sum(bytes)::bigint AS bytes, min(oldest) AS oldest
  FROM by_device JOIN devices d ON d.id = by_device.device_id GROUP BY d.client_id
), most AS (SELECT * FROM recipients ORDER BY messages DESC, oldest LIMIT ${listedRecipients}
), figures AS MATERIALIZED (
  SELECT jsonb_build_object(
    'messages', coalesce(sum(messages), 0)::int, 'bytes', coalesce(sum(bytes), 0)::bigint,
    'oldestMs', (SELECT ${ageMs('min(oldest)')} FROM by_device, moment GROUP BY now),
    'ages', jsonb_build_array(${bucketNumbers.map(inBucket).join(', ')}),
    'recipientCount', (SELECT count(*) FROM recipients),
    'recipients', (SELECT coalesce(jsonb_agg(jsonb_build_object('clientId', client_id, 'messages', messages, 'bytes', bytes,
      'oldestMs', ${ageMs('oldest')}) ORDER BY messages DESC, oldest), '[]') FROM most, moment)) AS of_all
  FROM by_device
)
UPDATE waiting_samples SET figures = of_all || jsonb_build_object(
  'tookMs', round((extract(epoch FROM clock_timestamp() - now) * 1000)::numeric, 1))
FROM figures, moment WHERE slot = ${second % sampleSlots} AND second = ${second};
COMMIT`
}

const listSql = `
SELECT second::float8, figures FROM waiting_samples
WHERE slot IN (SELECT ${slotBefore('back')} FROM generate_series(0, least($1::int, ${sampleSlots - 1})) AS back)
  AND figures IS NOT NULL AND second > extract(epoch FROM clock_timestamp()) - $1`

export function createWaitingStore(
  { pool }: Database,
  { messageTtlMs }: { readonly messageTtlMs: number },
): WaitingStore {
  return {
    async measure(second) {
      const client = await pool.connect()
      try {
        await client.query(measureSql(messageTtlMs, second))
        client.release()
      } catch (error) {
        // In the middle of its transaction: closing the connection rolls it back.
        client.release(true)
        throw error
      }
    },
    async listSamples(seconds) {
      const { rows } = await pool.query<WaitingSample>({
        name: 'list-waiting-samples',
        text: listSql,
        values: [seconds],
      })
      return rows
    },
    async listRecipients() {
      const { rows } = await pool.query<{ clientId: string; username: string }>(
        `SELECT id AS "clientId", username FROM clients
         WHERE id IN (SELECT d.client_id FROM ${waitingIn} JOIN devices d ON d.id = b.device_id
           WHERE ${isWaiting('clock_timestamp()')})`,
      )
      return rows
    },
    async findSweeper() {
      const { rows } = await pool.query<{
        at: Date | number
        expired: number
        took: number
        truncated: Date | null
      }>(
        `SELECT last_run_at AS at, last_expired AS expired, last_took_ms AS took, last_truncated_at AS truncated FROM sweeper`,
      )
      const [row] = rows
      return {
        lastRunAt: row?.at instanceof Date ? row.at : null,
        lastExpired: row?.expired ?? 0,
        lastTookMs: row?.took ?? 0,
        lastTruncatedAt: row?.truncated ?? null,
      }
    },
  }
}
