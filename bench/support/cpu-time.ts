import { readFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'

/** Clock ticks a second in /proc (USER_HZ), 100 on every Linux that Node runs on. */
const ticksPerSecond = 100

interface ProcessTimes {
  readonly parent: number
  /** User and system time, its ended and waited-for children included; seconds. */
  readonly seconds: number
}

/** User plus system CPU seconds of these processes and everything below them. Linux only: it reads /proc. */
export async function cpuSeconds(roots: readonly number[]): Promise<number> {
  const times = new Map<number, ProcessTimes>()
  for (const entry of await readdir('/proc')) {
    const pid = Number(entry)
    const read = Number.isInteger(pid) ? readTimes(pid) : undefined
    if (read !== undefined) times.set(pid, read)
  }
  const isBelow = (pid: number): boolean =>
    roots.includes(pid) || (times.has(pid) && isBelow((times.get(pid) as ProcessTimes).parent))
  let sum = 0
  for (const [pid, { seconds }] of times) if (isBelow(pid)) sum += seconds
  return sum
}

function readTimes(pid: number): ProcessTimes | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The command name stands in parentheses and may hold anything; the fields begin after the last one (proc(5)).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const ticks = [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0)
    return { parent: Number(fields[1]), seconds: ticks / ticksPerSecond }
  } catch {
    return undefined // It ended while we looked.
  }
}
