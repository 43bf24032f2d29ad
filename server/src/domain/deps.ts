import type { Bus } from '../bus/bus.ts'
import type { Log } from '../observability/log.ts'
import type { Store } from '../store/store.ts'
import type { Balancer } from './balancing/balancer.ts'
import type { Deliveries } from './delivery/deliveries.ts'
import type { DeviceSets } from './directory/device-sets.ts'
import type { ErrorCode } from './errors.ts'
import type { FileCounters } from './files/file-counters.ts'
import type { Rosters } from './groups/rosters.ts'
import type { OpaqueServer } from './identity/opaque-server.ts'
import type { LeasedLimiter } from './leased-limiter.ts'
import type { Rates } from './limits.ts'
import type { OperationsDesk } from './operations/operations-desk.ts'
import type { Pseudonyms } from './operations/recipient-pseudonym.ts'

/** What the rules work with. Built once in app.ts; a test builds its own. */
export interface Deps {
  readonly store: Store
  readonly bus: Bus
  readonly log: Log
  readonly opaque: OpaqueServer
  readonly balancer: Balancer
  readonly deliveries: Deliveries
  readonly deviceSets: DeviceSets
  readonly rosters: Rosters
  readonly server: ServerIdentity
  readonly desk: OperationsDesk
  readonly pseudonyms: Pseudonyms
  /** A mutation was declined: its result is an error, which no error handler sees. */
  noteDecline(code: ErrorCode): void
  readonly rates: Rates
  /** One token for each message a device sends. */
  readonly sendLimiter: LeasedLimiter
  /** One token for each chunk of a file that a device brings or fetches. */
  readonly chunkLimiter: LeasedLimiter
  readonly fileCounters: FileCounters
}

export interface ServerIdentity {
  /** 1 to n; 0 is the balancer, which takes no sockets and is never ranked. */
  readonly id: number
  readonly url: string
  readonly version: string
  readonly messageTtlMs: number
}
