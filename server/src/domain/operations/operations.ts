import type { DrainOrder } from '../../store/servers.ts'
import type { SweeperState } from '../../store/waiting.ts'
import type { Alert } from './find-alerts.ts'
import type { Verdict } from './give-verdict.ts'
import type { TotalsHistory } from './totals-history.ts'

/** Everything an operator sees, at one moment. Counts, times and names of servers: never whose message it is. */
export interface Operations {
  readonly at: Date
  /** The process that answers; 0 is the balancer. */
  readonly answeredBy: number
  readonly verdict: Verdict
  readonly balancer: BalancerOperations
  readonly servers: readonly ServerOperations[]
  readonly totals: Totals
  readonly waiting: Waiting
  readonly outcomes: OutcomeFlow
  readonly errors: readonly ErrorCount[]
  readonly sweeper: SweeperRun
  /** The worst first. */
  readonly alerts: readonly Alert[]
}

export type ServerCondition = 'UP' | 'SLOW' | 'DRAINING' | 'DRAINED' | 'DOWN'

export interface ServerOperations {
  readonly id: number
  readonly url: string
  readonly condition: ServerCondition
  readonly rank: number | null
  readonly drain: DrainOrder | null
  readonly pingP50Ms: number | null
  readonly pingP99Ms: number | null
  /** One a second, oldest first, five minutes; null where there was no answer, or nobody asked. */
  readonly pings: readonly (number | null)[]
  /** Of all clients that were sent anywhere in five minutes; null when nobody was. */
  readonly pickShare: number | null
  readonly sockets: number
  readonly subscriptions: number
  readonly loopDelayP99Ms: number | null
  readonly pool: { readonly used: number; readonly max: number; readonly waiting: number } | null
  readonly memoryBytes: number | null
  /** Of one core. */
  readonly cpuShare: number | null
  readonly version: string
  readonly startedAt: Date
  readonly uptimeMs: number
  /** When it last said anything of itself. */
  readonly sampledAt: Date | null
}

export interface BalancerOperations {
  readonly isUp: boolean
  /** Null: there was none in the memory of this system. */
  readonly seenAt: Date | null
  readonly version: string | null
}

export interface Totals {
  readonly sendsPerSecond: number
  readonly deliveriesPerSecond: number
  readonly expiredPerMinute: number
  readonly operationsPerSecond: number
  /** Faults of ours, not what was declined. */
  readonly errorsPerSecond: number
  /** Of all operations of the last minute, 0 to 1. */
  readonly errorShare: number
  readonly history: TotalsHistory
}

export interface Waiting {
  readonly messages: number
  readonly bytes: number
  readonly oldestMs: number | null
  readonly limitMs: number
  readonly ages: readonly AgeBucket[]
  readonly recipientCount: number
  readonly recipients: readonly WaitingRecipient[]
}

export interface AgeBucket {
  readonly fromMs: number
  readonly toMs: number
  readonly messages: number
}

export interface WaitingRecipient {
  /** A pseudonym. */
  readonly recipient: string
  readonly messages: number
  readonly bytes: number
  readonly oldestMs: number
}

/** What became of deliveries in the last minute. */
export interface OutcomeFlow {
  readonly atOnce: number
  readonly fromStore: number
  readonly expired: number
}

export interface ErrorCount {
  readonly code: string
  readonly perMinute: number
}

export interface SweeperRun extends SweeperState {
  readonly nextRunAt: Date | null
}
