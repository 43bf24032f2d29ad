import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import os from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'

export interface ClusterProcess {
  readonly url: string
  readonly port: number
  readonly pid: number
  signal(name: NodeJS.Signals): void
  /** Resolves with the exit code when it has ended; null when a signal ended it. */
  end(name: 'SIGTERM' | 'SIGKILL'): Promise<number | null>
}

const compileCache = path.join(os.tmpdir(), 'fastchat-compile-cache')
const readyWithinMs = 60_000
const endWithinMs = 30_000

/** Starts a server and waits until it says that it accepts connections. */
export async function startProcess(options: {
  readonly name: string
  readonly script: string
  readonly env: Readonly<Record<string, string>>
  /** Where its log lines go. */
  readonly lines: string[]
}): Promise<ClusterProcess> {
  const { name, lines } = options
  const child = spawn(process.execPath, [options.script], {
    // Not our own environment: what is set here must not decide how a test ends. Compiling once saves a third of the start.
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: compileCache, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  for (const stream of [child.stdout, child.stderr])
    if (stream !== null)
      createInterface({ input: stream }).on('line', (line) => lines.push(`${name} ${line}`))

  const { url } = await untilReady(child).catch((error: unknown) => {
    child.kill('SIGKILL')
    const said = lines.filter((line) => line.startsWith(`${name} `)).join('\n')
    throw new Error(`${name} did not start.\n${said}`, { cause: error })
  })
  return {
    url,
    port: Number(new URL(url).port),
    pid: child.pid as number,
    signal: (signal) => void child.kill(signal),
    async end(signal) {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = once(child, 'exit', { signal: AbortSignal.timeout(endWithinMs) })
        child.kill(signal)
        await ended.catch((error: unknown) => {
          child.kill('SIGKILL')
          throw new Error(`${name} did not end after ${signal}.\n${lines.slice(-20).join('\n')}`, {
            cause: error,
          })
        })
      }
      return child.exitCode
    },
  }
}

async function untilReady(child: ChildProcess): Promise<{ url: string }> {
  const over = new AbortController()
  const signal = AbortSignal.any([over.signal, AbortSignal.timeout(readyWithinMs)])
  try {
    const first = await Promise.race([
      once(child, 'message', { signal }),
      once(child, 'exit', { signal }).then(([code]) => {
        throw new Error(`It ended with code ${code}.`)
      }),
    ])
    const [message] = first as [{ kind: 'ready'; url: string }]
    return message
  } finally {
    over.abort()
  }
}
