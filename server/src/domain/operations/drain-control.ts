import { errorFields, type Log } from '../../observability/log.ts'
import { type Drainable, drain } from './drain.ts'

/** Drains and resumes this server as operators want it. */
export interface DrainControl {
  /** To be told again and again; only a change does something. */
  obey(order: { readonly drain: boolean }): void
  /** This process is being stopped: no order counts any more. */
  stop(): void
}

export interface DrainableForAWhile extends Drainable {
  /** The opposite of all the rest. */
  resume(): Promise<void>
}

export function createDrainControl(server: DrainableForAWhile, log: Log): DrainControl {
  let draining: AbortController | null = null
  let isStopping = false
  // One after the other: a server that is told to resume while it drains ends the one first.
  let work = Promise.resolve()

  const next = (task: () => Promise<void>) => {
    work = work.then(task).catch((error: unknown) => log.error('order-failed', errorFields(error)))
  }

  return {
    obey(order) {
      if (isStopping || order.drain === (draining !== null)) return
      if (draining === null) {
        draining = new AbortController()
        const { signal } = draining
        next(() => drain(server, log, signal))
        return
      }
      draining.abort()
      draining = null
      next(async () => {
        await server.resume()
        log.info('resumed')
      })
    },
    stop() {
      isStopping = true
      draining?.abort()
    },
  }
}
