import { spawn } from 'node:child_process'
import path from 'node:path'
import type { Fleet } from '../../server/src/supervisor/supervise.ts'
import { Halt } from '../halt.mjs'

/** What a visitor may do to the servers. */
export interface Servers {
  kill(id: number): string
  slow(id: number): string
  states(): readonly { readonly id: number; readonly state: 'up' | 'slow' | 'starting' }[]
  /** Lets go of everything that is held back. */
  close(): void
}

const slowSeconds = 30
const script = path.join(import.meta.dirname, 'slow-down.ts')

export function createServers(fleet: Fleet, ids: readonly number[]): Servers {
  const heldBack = new Map<number, () => void>()
  const pidOf = (id: number) => {
    const pid = fleet.pids().get(`server-${id}`)
    if (pid === undefined) throw new Halt(`Server ${id} is just being started. Try again.`)
    return pid
  }
  return {
    kill(id) {
      process.kill(pidOf(id), 'SIGKILL')
      return `Server ${id} was killed (kill -9). It is started again, and whoever was on it moves.`
    },
    slow(id) {
      if (process.platform === 'win32')
        throw new Halt('Windows cannot hold a process back. Try: npm run demo -- kill 3')
      if (heldBack.has(id)) throw new Halt(`Server ${id} is held back already.`)
      const child = spawn(process.execPath, [script, String(pidOf(id)), String(slowSeconds)], {
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
        // Ctrl+C goes to a whole group, and this one is told by us.
        detached: true,
      })
      heldBack.set(id, () => child.kill())
      child.on('exit', () => heldBack.delete(id))
      return `Server ${id} is held back for ${slowSeconds} s. The balancer sends new people elsewhere.`
    },
    states: () =>
      ids.map((id) => {
        const isRunning = fleet.pids().has(`server-${id}`)
        return { id, state: !isRunning ? 'starting' : heldBack.has(id) ? 'slow' : 'up' }
      }),
    close() {
      for (const letGo of heldBack.values()) letGo()
    },
  }
}
