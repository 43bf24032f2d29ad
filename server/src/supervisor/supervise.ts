import { type ChildSpec, type ChildTimes, StartError, superviseChild } from './child.ts'
import { openChildLog } from './child-log.ts'
import { findBusyPorts, namePorts } from './ports.ts'

const defaultTimes: ChildTimes = {
  readyWithinMs: 60_000,
  stopWithinMs: 15_000,
  firstDelayMs: 250,
  longestDelayMs: 10_000,
  healthyAfterMs: 30_000,
}

export type Fleet = {
  /** By name, of the processes that run at this moment. */
  pids(): ReadonlyMap<string, number>
  /** Stops all children in order and resolves when none is left. `now` does not wait for what they have begun. */
  stop(options?: { readonly now?: boolean }): Promise<void>
}

/**
 * Starts the children and keeps them running. Resolves when all accept connections; when one of them cannot start, ends the
 * others and throws a `StartError`. They are stopped in the order given, the first alone and the rest together: the balancer
 * comes first, so that nobody is sent to a server that is about to go.
 */
export async function supervise(
  children: readonly ChildSpec[],
  options: {
    readonly say: (line: string) => void
    readonly logFolder: string
    readonly times?: Partial<ChildTimes>
    /** Gives up starting. */
    readonly signal?: AbortSignal
  },
): Promise<Fleet> {
  const { say, logFolder, signal } = options
  const busy = await findBusyPorts(children.map(({ port }) => port))
  if (busy.length > 0) throw new StartError(`${namePorts(busy)} in use by another program.`)

  const times = { ...defaultTimes, ...options.times }
  const supervised = children.map((spec) =>
    superviseChild(spec, { say, times, log: openChildLog(logFolder, spec.name, say) }),
  )
  const [first, ...others] = supervised
  const fleet: Fleet = {
    pids() {
      const running = supervised.map((child, index) => [children[index]?.name, child.pid()])
      return new Map(running.filter((pair): pair is [string, number] => pair[1] !== undefined))
    },
    async stop(how) {
      await first?.stop(how)
      await Promise.all(others.map((child) => child.stop(how)))
    },
  }
  try {
    await abortable(Promise.all(supervised.map(({ firstReady }) => firstReady)), signal)
  } catch (error) {
    await fleet.stop({ now: true })
    throw error
  }
  return fleet
}

async function abortable(work: Promise<unknown>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) {
    await work
    return
  }
  signal.throwIfAborted()
  const aborted = Promise.withResolvers<never>()
  const abort = () => aborted.reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  await Promise.race([work, aborted.promise]).finally(() =>
    signal.removeEventListener('abort', abort),
  )
}
