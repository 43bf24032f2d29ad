import type { Note } from '../../bus/bus.ts'
import { errorFields, type Log } from '../../observability/log.ts'
import type { Store } from '../../store/store.ts'
import { limits } from '../limits.ts'
import type { DeliveryCounters } from './deliveries.ts'
import { repeat } from './repeat.ts'

const forgetEveryMs = 30_000

export function sweepEveryMs(messageTtlMs: number): number {
  return Math.min(2000, Math.max(200, messageTtlMs / 60))
}

/** Every server tries, one does it: writes down what expired, tells the senders, empties dead slots. */
export function startSweeping(options: {
  readonly store: Store
  readonly log: Log
  readonly messageTtlMs: number
  readonly counters: DeliveryCounters
  notify(serverId: number, note: Note): void
}): { stop(): Promise<void> } {
  const { store, log } = options
  const everyMs = sweepEveryMs(options.messageTtlMs)
  let mayShred = true

  async function sweep(): Promise<void> {
    const swept = await store.expiry.sweep(everyMs)
    if (swept === null) return
    options.counters.expired += swept.expired.length
    for (const { senderServer, messageId, at, ...delivery } of swept.expired)
      options.notify(senderServer, {
        kind: 'outcomes',
        ...delivery,
        messageIds: [messageId],
        state: 'EXPIRED',
        at: at.getTime(),
      })
    if (swept.expired.length > 0) log.info('messages-expired', { deliveries: swept.expired.length })
    if (swept.truncated.length + swept.truncatedFiles.length > 0) await shred()
  }

  /** Truncated bytes stay in the write-ahead log until its segment is closed and unlinked. */
  async function shred(): Promise<void> {
    if (!mayShred) return
    mayShred = await store.expiry.shredLog()
    if (!mayShred)
      log.warn('log-not-shredded', {
        advice: 'Grant the database user pg_checkpoint and EXECUTE on pg_switch_wal.',
      })
  }

  const failed = (event: string) => (error: unknown) => log.warn(event, errorFields(error))
  const sweeping = repeat(everyMs, sweep, failed('sweep-failed'))
  const forgetting = repeat(
    forgetEveryMs,
    () => store.expiry.forget(limits.idempotencyMs),
    failed('forget-failed'),
  )
  return {
    async stop() {
      await Promise.all([sweeping.stop(), forgetting.stop()])
    },
  }
}
