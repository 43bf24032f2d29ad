import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import type { Orders } from './doomed-client.ts'
import { deadlineMs } from './until.ts'

export interface Life {
  /** What it had promised to keep. */
  readonly durable: readonly string[]
  /** True if it died of its step; false if there was nothing left to do. */
  readonly died: boolean
}

const script = path.resolve(import.meta.dirname, 'doomed-client.ts')

/** Lets a client process live until it kills itself, or until `isDone` says that it may be killed. */
export async function liveUntil(orders: Orders, isDone: () => Promise<boolean>): Promise<Life> {
  const child = spawn(process.execPath, [script, JSON.stringify(orders)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const durable: string[] = []
  child.on('message', (message) => durable.push((message as { durable: string }).durable))
  const ended = once(child, 'exit', { signal: AbortSignal.timeout(deadlineMs) })
  let hasEnded = false
  ended.then(
    () => {
      hasEnded = true
    },
    () => child.kill('SIGKILL'),
  )
  let isReleased = false
  const look = setInterval(() => {
    void isDone().then((isIt) => {
      if (!isIt || hasEnded) return
      isReleased = true
      child.kill('SIGKILL')
    })
  }, 50)
  try {
    const [code, signal] = await ended
    if (signal !== 'SIGKILL') throw new Error(`The client ended with ${code ?? signal}.`)
    return { durable, died: !isReleased }
  } finally {
    clearInterval(look)
  }
}
