import { type ChildProcess, spawn } from 'node:child_process'
import type { ChildLog } from './child-log.ts'

export type ChildSpec = {
  /** In logs and on the terminal: `server-3`. */
  readonly name: string
  /** The file that Node runs. */
  readonly script: string
  readonly port: number
  readonly env: Readonly<Record<string, string>>
}

export type ChildTimes = {
  readonly readyWithinMs: number
  /** How long a child may finish what it began after it was asked to stop. */
  readonly stopWithinMs: number
  /** Doubles with every death in a row, up to `longestDelayMs`. */
  readonly firstDelayMs: number
  readonly longestDelayMs: number
  /** Having lived this long, a child is healthy again and its next death is a first one. */
  readonly healthyAfterMs: number
}

export type SupervisedChild = {
  /** Settles once: the child accepts connections, or died before it ever did. */
  readonly firstReady: Promise<void>
  /** Of the running process; `undefined` while none runs. */
  pid(): number | undefined
  /** Asks it to finish, or with `now` leaves it no choice; resolves when the process is gone. May be called again. */
  stop(options?: { readonly now?: boolean }): Promise<void>
}

/** The child never came up: trying again would only repeat it. */
export class StartError extends Error {
  override name = 'StartError'
}

/**
 * Runs one process and runs it again whenever it dies. The process sends `{ kind: 'ready' }` over its ipc channel when it accepts
 * connections, and must exit on 'disconnect': that is how it learns that a supervisor was killed.
 */
export function superviseChild(
  spec: ChildSpec,
  options: {
    readonly say: (line: string) => void
    readonly log: ChildLog
    readonly times: ChildTimes
  },
): SupervisedChild {
  const { say, log, times } = options
  const firstReady = Promise.withResolvers<void>()
  const gone = Promise.withResolvers<void>()
  let running: ChildProcess | undefined
  let restart: NodeJS.Timeout | undefined
  let isStopping = false
  let wasEverReady = false
  let deathsInARow = 0
  launch()

  function launch(): void {
    const startedAt = Date.now()
    const child = spawn(process.execPath, [spec.script], {
      env: { ...process.env, ...spec.env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // In a group of its own, because Ctrl+C in a terminal goes to a whole group and would cut the drain short.
      detached: process.platform !== 'win32',
      windowsHide: true,
    })
    running = child
    log.follow(child)
    const overdue = setTimeout(() => child.kill('SIGKILL'), times.readyWithinMs)
    child.on('message', (message) => {
      if (!isReady(message)) return
      clearTimeout(overdue)
      if (wasEverReady) say(`${spec.name} is back.`)
      wasEverReady = true
      firstReady.resolve()
    })
    let isOver = false
    const over = (how: string) => {
      if (isOver) return
      isOver = true
      clearTimeout(overdue)
      running = undefined
      died(how, Date.now() - startedAt)
    }
    child.on('error', (error) => over(`could not be started: ${error.message}`))
    child.on('exit', (code, signal) => over(signal === null ? `exit code ${code}` : signal))
  }

  function died(how: string, livedMs: number): void {
    if (isStopping) {
      gone.resolve()
      return
    }
    if (!wasEverReady) {
      gone.resolve()
      firstReady.reject(
        new StartError([`${spec.name} did not start (${how}).`, ...log.lastLines()].join('\n')),
      )
      return
    }
    if (livedMs >= times.healthyAfterMs) deathsInARow = 0
    const delayMs = Math.min(times.longestDelayMs, times.firstDelayMs * 2 ** deathsInARow)
    deathsInARow += 1
    say(`${spec.name} died (${how}); starting it again in ${(delayMs / 1000).toFixed(1)} s.`)
    for (const line of log.lastLines()) say(`  ${line}`)
    restart = setTimeout(launch, delayMs)
  }

  return {
    firstReady: firstReady.promise,
    pid: () => running?.pid,
    async stop({ now = false } = {}) {
      isStopping = true
      clearTimeout(restart)
      if (running === undefined) return
      running.kill(now ? 'SIGKILL' : 'SIGTERM')
      const { pid } = running
      const impatience = setTimeout(() => {
        say(`${spec.name} (process ${pid}) did not finish in time and was ended.`)
        running?.kill('SIGKILL')
      }, times.stopWithinMs)
      await gone.promise
      clearTimeout(impatience)
    },
  }
}

function isReady(message: unknown): boolean {
  return (
    typeof message === 'object' && message !== null && 'kind' in message && message.kind === 'ready'
  )
}
