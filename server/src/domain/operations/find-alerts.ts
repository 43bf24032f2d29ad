import type { ProcessSample } from '../../store/samples.ts'
import type { SlowServer } from './find-slow-server.ts'
import type { Operations, ServerOperations } from './operations.ts'
import { sum } from './rates.ts'
import { clock, millis, percent, seconds } from './words.ts'

export const alertKinds = [
  'DATABASE_DOWN',
  'NO_SERVER',
  'SERVER_DOWN',
  'SERVER_SLOW',
  'BALANCER_DOWN',
  'OLDEST_WAITING',
  'EXPIRED_SHARE',
  'ERROR_SHARE',
  'LOOP_DELAY',
  'POOL_FULL',
  'SWEEPER_LATE',
] as const

export type AlertKind = (typeof alertKinds)[number]

export interface Alert {
  readonly kind: AlertKind
  readonly severity: 'WARNING' | 'CRITICAL'
  readonly serverId: number | null
  /** What is wrong. */
  readonly title: string
  /** What to do. */
  readonly advice: string
  /** Null: as far back as is known. */
  readonly since: Date | null
}

/** What the rules look at. */
export type Circumstances = Pick<
  Operations,
  'at' | 'balancer' | 'totals' | 'waiting' | 'sweeper'
> & {
  readonly databaseAnswers: boolean
  readonly servers: readonly (ServerOperations & {
    readonly slowness: SlowServer | null
    /** What it said of itself, the oldest first. */
    readonly samples: readonly ProcessSample[]
  })[]
}

type Subject = Circumstances['servers'][number]

export const alertLimits = {
  /** Of the lifetime. */
  oldestShare: 110 / 120,
  expiredShare: 0.05,
  /** Fewer than this say nothing about a share. */
  leastExpired: 5,
  errorShare: 0.01,
  leastErrors: 3,
  loopDelayMs: 50,
  loopDelayForSeconds: 10,
  poolFullForSeconds: 30,
  sweeperLateMs: 15_000,
} as const

/** The rules of ops/prometheus-alerts.yml, for the screen. */
export function findAlerts(now: Circumstances): Alert[] {
  if (!now.databaseAnswers) return [databaseDown]
  const alerts = [
    ...noServer(now),
    ...now.servers.flatMap((server) => [
      ...down(now, server),
      ...slow(now, server),
      ...loopDelay(server),
      ...poolFull(server),
    ]),
    ...balancerDown(now),
    ...oldestWaiting(now),
    ...expiredShare(now),
    ...errorShare(now),
    ...sweeperLate(now),
  ]
  return alerts.toSorted(
    (one, other) => alertKinds.indexOf(one.kind) - alertKinds.indexOf(other.kind),
  )
}

const databaseDown: Alert = {
  kind: 'DATABASE_DOWN',
  severity: 'CRITICAL',
  serverId: null,
  title: 'The database does not answer.',
  advice:
    'Start PostgreSQL, or look at its log and at the network to it. Clients wait and go on by themselves.',
  since: null,
}

function noServer({ servers }: Circumstances): Alert[] {
  if (servers.some(({ rank }) => rank !== null)) return []
  return [
    {
      kind: 'NO_SERVER',
      severity: 'CRITICAL',
      serverId: null,
      title: 'No server takes clients.',
      advice: 'Start a server, or resume one that is drained.',
      since: null,
    },
  ]
}

function down({ at }: Circumstances, { id, condition, sampledAt, drain }: Subject): Alert[] {
  // One that was drained was going to be stopped.
  if (condition !== 'DOWN' || drain !== null) return []
  return [
    {
      kind: 'SERVER_DOWN',
      severity: 'CRITICAL',
      serverId: id,
      title: `Server ${id} does not answer${sampledAt === null ? '' : `, for ${seconds(at.getTime() - sampledAt.getTime())}`}.`,
      advice:
        'Its clients have moved. Look at its log and start it again; if its process runs, it hangs: end it.',
      since: sampledAt,
    },
  ]
}

function slow({ at }: Circumstances, { id, condition, slowness, pool }: Subject): Alert[] {
  if (condition !== 'SLOW' || slowness === null) return []
  const { pingP99Ms, othersP90Ms, forSeconds } = slowness
  const isFull = pool !== null && pool.used >= pool.max
  return [
    {
      kind: 'SERVER_SLOW',
      severity: 'WARNING',
      serverId: id,
      title: `Server ${id} is slower than the others: ping p99 ${millis(pingP99Ms)}, the others mostly within ${millis(othersP90Ms)}.`,
      advice: isFull
        ? `Look at its database pool first (${pool.used} of ${pool.max}). Drain it if this lasts.`
        : 'Look at its event-loop delay and its memory. Drain it if this lasts.',
      since: new Date(at.getTime() - forSeconds * 1000),
    },
  ]
}

function loopDelay({ id, condition, samples }: Subject): Alert[] {
  const since = sinceWhen(
    samples,
    ({ loopDelayP99Ms = 0 }) => loopDelayP99Ms > alertLimits.loopDelayMs,
  )
  if (
    condition === 'DOWN' ||
    since === null ||
    !lasts(samples, since, alertLimits.loopDelayForSeconds)
  )
    return []
  const worst = Math.max(...samples.slice(-5).map(({ figures }) => figures.loopDelayP99Ms ?? 0))
  return [
    {
      kind: 'LOOP_DELAY',
      severity: 'WARNING',
      serverId: id,
      title: `Server ${id} is busy: event-loop delay p99 ${millis(worst)}.`,
      advice:
        'It has more to do than one core can. Add servers, or find out what runs beside it on its machine.',
      since,
    },
  ]
}

function poolFull({ id, condition, samples }: Subject): Alert[] {
  const since = sinceWhen(
    samples,
    ({ pool }) => pool !== undefined && pool.used >= pool.max && pool.waiting > 0,
  )
  if (
    condition === 'DOWN' ||
    since === null ||
    !lasts(samples, since, alertLimits.poolFullForSeconds)
  )
    return []
  return [
    {
      kind: 'POOL_FULL',
      severity: 'WARNING',
      serverId: id,
      title: `Server ${id} waits for database connections.`,
      advice: 'Look for slow statements in PostgreSQL first; then raise FASTCHAT_POOL_SIZE.',
      since,
    },
  ]
}

function balancerDown({ balancer }: Circumstances): Alert[] {
  if (balancer.isUp || balancer.seenAt === null) return []
  return [
    {
      kind: 'BALANCER_DOWN',
      severity: 'WARNING',
      serverId: null,
      title: 'The balancer does not run.',
      advice:
        'Clients that know a server go on; new ones do not find one. Start the balancer again.',
      since: balancer.seenAt,
    },
  ]
}

function oldestWaiting({ at, waiting: { oldestMs, limitMs } }: Circumstances): Alert[] {
  const borderMs = limitMs * alertLimits.oldestShare
  if (oldestMs === null || oldestMs <= borderMs) return []
  return [
    {
      kind: 'OLDEST_WAITING',
      severity: 'WARNING',
      serverId: null,
      title: `Messages are about to expire: the oldest has waited ${clock(oldestMs)} of ${clock(limitMs)}.`,
      advice:
        'One recipient that is away is no trouble of yours. Many at once: look at sockets and servers.',
      since: new Date(at.getTime() - (oldestMs - borderMs)),
    },
  ]
}

function expiredShare({ totals: { history } }: Circumstances): Alert[] {
  const expired = sum(history.expired)
  const share = expired / Math.max(1, expired + sum(history.deliveries))
  if (expired < alertLimits.leastExpired || share <= alertLimits.expiredShare) return []
  return [
    {
      kind: 'EXPIRED_SHARE',
      severity: 'WARNING',
      serverId: null,
      title: `${percent(share)} of what ended in five minutes expired.`,
      advice: 'See who it waits for: one that is away, or many that cannot connect.',
      since: null,
    },
  ]
}

function errorShare({ totals: { errorShare: share, history } }: Circumstances): Alert[] {
  const errors = sum(history.errors.slice(-60))
  if (errors < alertLimits.leastErrors || share <= alertLimits.errorShare) return []
  return [
    {
      kind: 'ERROR_SHARE',
      severity: 'CRITICAL',
      serverId: null,
      title: `${percent(share)} of the operations of the last minute failed.`,
      advice: 'Look for "unexpected-error" and "database-unavailable" in the logs of the servers.',
      since: null,
    },
  ]
}

function sweeperLate({ at, sweeper: { lastRunAt } }: Circumstances): Alert[] {
  const lateMs = lastRunAt === null ? 0 : at.getTime() - lastRunAt.getTime()
  if (lateMs <= alertLimits.sweeperLateMs) return []
  return [
    {
      kind: 'SWEEPER_LATE',
      severity: 'CRITICAL',
      serverId: null,
      title: `Nothing was swept for ${seconds(lateMs)}.`,
      advice:
        'Expired messages are not handed out, but their bytes stay. Look for "sweep-failed" in the logs.',
      since: lastRunAt,
    },
  ]
}

/** Since when it is so without a break; null if it is not so now. */
function sinceWhen(
  samples: readonly ProcessSample[],
  isSo: (figures: ProcessSample['figures']) => boolean,
): Date | null {
  const first = samples.findLastIndex(({ figures }) => !isSo(figures)) + 1
  return samples[first]?.at ?? null
}

function lasts(samples: readonly ProcessSample[], since: Date, forSeconds: number): boolean {
  const last = samples.at(-1)
  return last !== undefined && last.at.getTime() - since.getTime() >= forSeconds * 1000
}
