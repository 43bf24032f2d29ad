// One process at a time, across processes: builtins only, so that it works before anything is installed.
import { readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

const pollMs = 100
/** A holder refreshes its lock each second, so an old one belongs to nobody, whatever runs under its pid by now. */
const staleAfterMs = 15_000

/**
 * Runs `use` while holding the lock file and passes on what it returns. `interrupted` tells it that the process which held
 * the lock before died without finishing, so half-done work may lie about.
 */
export async function withLock(file, use, { onWait } = {}) {
  let interrupted = false
  let waiting = false
  for (;;) {
    const outcome = await take(file)
    if (outcome === 'taken') break
    if (outcome === 'abandoned') interrupted = true
    else {
      if (!waiting) onWait?.()
      waiting = true
      await sleep(pollMs)
    }
  }
  const heartbeat = setInterval(() => {
    try {
      utimesSync(file, new Date(), new Date())
    } catch {
      // Only a hint for others; the work itself goes on.
    }
  }, 1000)
  try {
    return await use({ interrupted })
  } finally {
    clearInterval(heartbeat)
    rmSync(file, { force: true })
  }
}

async function take(file) {
  try {
    writeFileSync(file, `${process.pid}`, { flag: 'wx' })
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
    if (!isAbandoned(file)) return 'held'
    rmSync(file, { force: true })
    return 'abandoned'
  }
  // Two processes may have found the same abandoned lock, and the slower one then removed the lock of the faster one.
  await sleep(50)
  return holder(file) === process.pid ? 'taken' : 'held'
}

function isAbandoned(file) {
  const pid = holder(file)
  if (pid === undefined) return false
  if (pid !== 0 && !isAlive(pid)) return true
  try {
    return Date.now() - statSync(file).mtimeMs > staleAfterMs
  } catch {
    return false
  }
}

/** `undefined` when there is no lock, 0 when its owner has not written its pid yet. */
function holder(file) {
  try {
    return Number(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}

export function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}
