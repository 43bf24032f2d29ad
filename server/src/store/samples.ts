import type { Database } from './database.ts'

/** What a process says of itself. What counts, counts since its start. A field may be missing: an older version wrote it. */
export interface ProcessFigures {
  readonly version: string
  readonly sockets: number
  readonly subscriptions: number
  /** Over the last second. */
  readonly loopDelayP99Ms: number
  readonly pool: { readonly used: number; readonly max: number; readonly waiting: number }
  readonly memoryBytes: number
  readonly cpuMs: number
  readonly accepted: number
  readonly deliveredAtOnce: number
  readonly deliveredFromStore: number
  readonly expired: number
  readonly operations: number
  /** By code. */
  readonly errors: Readonly<Record<string, number>>
  /** By server: how many clients were sent there. */
  readonly picks: Readonly<Record<string, number>>
  /** By server: the last ping, null where it went unanswered. Empty when this process does not ping. */
  readonly pings: Readonly<Record<string, number | null>>
}

export interface ProcessSample {
  /** 0 is the balancer. */
  readonly serverId: number
  readonly at: Date
  readonly startedAt: Date
  readonly figures: Partial<ProcessFigures>
}

export interface SampleStore {
  /**
   * Writes this second's sample over the one of five minutes ago. Returns the second if nobody has claimed yet to measure
   * what waits in it, else null.
   */
  write(sample: Omit<ProcessSample, 'at'>): Promise<number | null>
  /** Samples of the last `seconds`, in no order. */
  listSamples(seconds: number): Promise<readonly ProcessSample[]>
  /** However long ago. Null: it is not remembered. */
  findLastSeen(serverId: number): Promise<Date | null>
}

/** Five minutes, a sample a second. */
export const sampleSlots = 300

/** Measuring what waits may take this much of one core of the database; then it is done less often than each second. */
const measuringMsPerSecond = 50

// The claim is a row as well: one statement and one commit a second for each process.
const writeSql = `
WITH moment AS MATERIALIZED (
  SELECT clock_timestamp() AS at, floor(extract(epoch FROM clock_timestamp()))::bigint AS second
), written AS (
  INSERT INTO server_samples (slot, server_id, at, started_at, figures)
  SELECT second % ${sampleSlots}, $1, at, $2, $3 FROM moment
  ON CONFLICT (slot, server_id) DO UPDATE SET at = EXCLUDED.at, started_at = EXCLUDED.started_at, figures = EXCLUDED.figures
), claimed AS (
  INSERT INTO waiting_samples AS w (slot, second) SELECT second % ${sampleSlots}, second FROM moment
  WHERE NOT EXISTS (SELECT FROM waiting_samples o
    WHERE o.slot IN (SELECT ${slotBefore('back')} FROM generate_series(1, 30) AS back) AND o.second < moment.second
      AND o.second + (o.figures ->> 'tookMs')::float8 / ${measuringMsPerSecond} > moment.second)
  ON CONFLICT (slot) DO UPDATE SET second = EXCLUDED.second, figures = NULL WHERE w.second < EXCLUDED.second
  RETURNING second
)
SELECT (SELECT second FROM claimed)::float8 AS claimed`

// Slots by the clock of the database, which wrote them: that of this process may be wrong by hours.
const listSql = `
SELECT server_id AS "serverId", at, started_at AS "startedAt", figures FROM server_samples
WHERE slot IN (SELECT ${slotBefore('back')} FROM generate_series(0, least($1::int, ${sampleSlots - 1})) AS back)
  AND at > clock_timestamp() - make_interval(secs => $1)`

export function slotBefore(seconds: string): string {
  return `((floor(extract(epoch FROM clock_timestamp()))::bigint - ${seconds}) % ${sampleSlots})::smallint`
}

export function createSampleStore({ pool }: Database): SampleStore {
  return {
    async write({ serverId, startedAt, figures }) {
      const { rows } = await pool.query<{ claimed: number | null }>({
        name: 'write-sample',
        text: writeSql,
        values: [serverId, startedAt, figures],
      })
      return rows[0]?.claimed ?? null
    },
    async listSamples(seconds) {
      const { rows } = await pool.query<ProcessSample>({
        name: 'list-samples',
        text: listSql,
        values: [seconds],
      })
      return rows
    },
    async findLastSeen(serverId) {
      const { rows } = await pool.query<{ at: Date | null }>(
        'SELECT max(at) AS at FROM server_samples WHERE server_id = $1',
        [serverId],
      )
      return rows[0]?.at ?? null
    },
  }
}
