// node tools/demo/slow-down.ts <pid> <seconds>: holds a server back for a part of each second, as by a neighbour that takes its
// core. A process of its own, which lets go whatever becomes of the demo: a server that stays stopped would outlive it.
import { setTimeout as sleep } from 'node:timers/promises'

const [pid, seconds] = process.argv.slice(2).map(Number)
const heldMs = 420
const freeMs = 480

const signal = (name: NodeJS.Signals): boolean => {
  try {
    return process.kill(pid ?? 0, name)
  } catch {
    return false
  }
}
const letGo = () => {
  signal('SIGCONT')
  process.exit()
}
for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(name, letGo)
process.on('disconnect', letGo)

if (!pid || !seconds) process.exit(1)
const endAt = performance.now() + seconds * 1000
while (performance.now() < endAt && signal('SIGSTOP')) {
  await sleep(heldMs)
  if (!signal('SIGCONT')) break
  await sleep(freeMs)
}
letGo()
