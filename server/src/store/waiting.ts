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
const waitingRows = `
  SELECT d.client_id, s.size,
    greatest(0, extract(epoch FROM clock_timestamp() - s.accepted_at) * 1000)::float8 AS age
  FROM mailboxes b
  JOIN msg_store s ON s.device_id = b.device_id AND s.seq > b.acked_seq AND s.expires_at > clock_timestamp()
  JOIN devices d ON d.id = b.device_id
  WHERE b.stored_count > 0`

const settings = `BEGIN READ WRITE; SET LOCAL enable_seqscan = on; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off;
SET LOCAL statement_timeout = 2000;`

// Without parameters, because it is several statements. Both are numbers of ours.
const measureSql = (ttlMs: number, second: number) => `${settings}
WITH began AS MATERIALIZED (SELECT clock_timestamp() AS at
), waiting AS MATERIALIZED (${waitingRows}
), ages AS (
  SELECT n, count(age)::int AS messages FROM generate_series(1, ${buckets}) AS n
  LEFT JOIN waiting ON least(${buckets}, 1 + floor(age * ${buckets} / ${ttlMs}))::int = n GROUP BY n
), recipients AS (
  SELECT client_id, count(*)::int AS messages, sum(size)::bigint AS bytes, max(age) AS oldest FROM waiting
  GROUP BY client_id
), most AS (SELECT * FROM recipients ORDER BY messages DESC, oldest DESC LIMIT ${listedRecipients}
), figures AS MATERIALIZED (
  SELECT jsonb_build_object(
    'messages', (SELECT count(*) FROM waiting),
    'bytes', (SELECT coalesce(sum(size), 0) FROM waiting),
    'oldestMs', (SELECT max(age) FROM waiting),
    'ages', (SELECT jsonb_agg(messages ORDER BY n) FROM ages),
    'recipientCount', (SELECT count(*) FROM recipients),
    'recipients', (SELECT coalesce(jsonb_agg(jsonb_build_object('clientId', client_id, 'messages', messages, 'bytes', bytes,
      'oldestMs', oldest) ORDER BY messages DESC, oldest DESC), '[]') FROM most)) AS of_all
)
UPDATE waiting_samples SET figures = of_all || jsonb_build_object(
  'tookMs', round((extract(epoch FROM clock_timestamp() - began.at) * 1000)::numeric, 1))
FROM figures, began WHERE slot = ${second % sampleSlots} AND second = ${second};
COMMIT`

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
         WHERE id IN (SELECT client_id FROM (${waitingRows}) AS waiting)`,
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
