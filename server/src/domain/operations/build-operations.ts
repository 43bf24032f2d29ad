import type { ProcessSample } from '../../store/samples.ts'
import type { SweeperState, WaitingSample } from '../../store/waiting.ts'
import type { RankedServer } from '../balancing/rank-servers.ts'
import { axisUntil } from './axis.ts'
import { describeServers } from './describe-servers.ts'
import { type Circumstances, findAlerts } from './find-alerts.ts'
import { giveVerdict } from './give-verdict.ts'
import type { BalancerOperations, Operations, Waiting } from './operations.ts'
import { growthOf, sum } from './rates.ts'
import { totalsHistory } from './totals-history.ts'

/** Everything that the answer is made from. */
export interface Readings {
  readonly at: Date
  readonly answeredBy: number
  readonly messageTtlMs: number
  readonly sweepEveryMs: number
  readonly databaseAnswers: boolean
  readonly servers: readonly RankedServer[]
  /** Of five minutes, in any order. */
  readonly samples: readonly ProcessSample[]
  readonly waiting: readonly WaitingSample[]
  readonly balancerSeenAt: Date | null
  readonly sweeper: SweeperState
  nameRecipient(clientId: string): string
}

/** A process that says nothing for this long is not there. It says something each second. */
const silentAfterMs = 3500
const rateSeconds = 5
const minute = 60

export function buildOperations(readings: Readings): Operations {
  const { at, samples } = readings
  const axis = axisUntil(at.getTime())
  const byProcess = Map.groupBy(
    samples.toSorted((a, b) => a.at.getTime() - b.at.getTime()),
    ({ serverId }) => serverId,
  )
  const processes = [...byProcess.values()]
  const history = totalsHistory(axis, processes, readings.waiting)
  const lastMinute = (column: readonly number[]) => sum(column.slice(-minute))
  const perSecond = (column: readonly number[]) => sum(column.slice(-rateSeconds)) / rateSeconds
  const { lastRunAt } = readings.sweeper

  const circumstances: Circumstances = {
    at,
    databaseAnswers: readings.databaseAnswers,
    servers: describeServers({ at, axis, byProcess, servers: readings.servers }),
    balancer: describeBalancer(at, byProcess.get(0)?.at(-1), readings.balancerSeenAt),
    totals: {
      sendsPerSecond: perSecond(history.sends),
      deliveriesPerSecond: perSecond(history.deliveries),
      expiredPerMinute: lastMinute(history.expired),
      operationsPerSecond: perSecond(history.operations),
      errorsPerSecond: perSecond(history.errors),
      errorShare: lastMinute(history.errors) / Math.max(1, lastMinute(history.operations)),
      history,
    },
    waiting: describeWaiting(readings),
    sweeper: {
      ...readings.sweeper,
      nextRunAt: lastRunAt && new Date(lastRunAt.getTime() + readings.sweepEveryMs),
    },
  }
  const alerts = findAlerts(circumstances)
  return {
    ...circumstances,
    answeredBy: readings.answeredBy,
    outcomes: {
      atOnce: Math.round(lastMinute(history.atOnce)),
      fromStore: Math.round(lastMinute(history.fromStore)),
      expired: Math.round(lastMinute(history.expired)),
    },
    errors: countErrors(at, processes),
    alerts,
    verdict: giveVerdict(circumstances, alerts),
  }
}

function describeBalancer(
  at: Date,
  latest: ProcessSample | undefined,
  seenBefore: Date | null,
): BalancerOperations {
  const seenAt = latest?.at ?? seenBefore
  return {
    seenAt,
    isUp: seenAt !== null && at.getTime() - seenAt.getTime() < silentAfterMs,
    version: latest?.figures.version ?? null,
  }
}

function describeWaiting({ waiting, messageTtlMs, nameRecipient }: Readings): Waiting {
  const latest = waiting.toSorted((a, b) => b.second - a.second)[0]?.figures
  const ages = latest?.ages ?? []
  const bucketMs = messageTtlMs / 10
  return {
    messages: latest?.messages ?? 0,
    bytes: latest?.bytes ?? 0,
    oldestMs: latest?.oldestMs ?? null,
    limitMs: messageTtlMs,
    ages: Array.from({ length: 10 }, (_, bucket) => ({
      fromMs: bucket * bucketMs,
      toMs: (bucket + 1) * bucketMs,
      messages: ages[bucket] ?? 0,
    })),
    recipientCount: latest?.recipientCount ?? 0,
    recipients: (latest?.recipients ?? []).map(({ clientId, ...counts }) => ({
      ...counts,
      recipient: nameRecipient(clientId),
    })),
  }
}

/** What was declined in the last minute, by code; the most frequent first. */
function countErrors(at: Date, processes: readonly (readonly ProcessSample[])[]) {
  const since = at.getTime() - minute * 1000
  const recent = processes.map((samples) => samples.filter((sample) => sample.at.getTime() > since))
  const codes = new Set(recent.flat().flatMap(({ figures }) => Object.keys(figures.errors ?? {})))
  return [...codes]
    .map((code) => ({
      code,
      perMinute: sum(
        recent.map((samples) => growthOf(samples, ({ errors = {} }) => errors[code] ?? 0)),
      ),
    }))
    .filter(({ perMinute }) => perMinute > 0)
    .toSorted((a, b) => b.perMinute - a.perMinute)
}
