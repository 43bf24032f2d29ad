// One process at a time, across processes: builtins only, so that it works before anything is installed.
import { readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

const pollMs = 100
/** A holder refreshes its lock each second, so an old one belongs to nobody, whatever runs under its pid by now. */
const staleAfterMs = 15_000

/**
 * Takes the lock file unless somebody alive holds it: then `undefined`. `interrupted` says that the process which held it before
 * died without finishing, so half-done work may lie about.
 */
export async function tryLock(file) {
  let interrupted = false
  let outcome = await take(file)
  if (outcome === 'abandoned') {
    interrupted = true
    outcome = await take(file)
  }
  if (outcome !== 'taken') return undefined
  const heartbeat = setInterval(() => {
    try {
      utimesSync(file, new Date(), new Date())
    } catch {
      // Only a hint for others; the work itself goes on.
    }
  }, 1000)
  heartbeat.unref()
  return {
    interrupted,
    release() {
      clearInterval(heartbeat)
      rmSync(file, { force: true })
    },
  }
}

/** Runs `use` while holding the lock file, after everybody who holds it before, and passes on what it returns. */
export async function withLock(file, use, { onWait } = {}) {
  let lock = await tryLock(file)
  if (lock === undefined) onWait?.()
  while (lock === undefined) {
    await sleep(pollMs)
    lock = await tryLock(file)
  }
  try {
    return await use(lock)
  } finally {
    lock.release()
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

/** The pid in the lock file: `undefined` when there is no lock, 0 when its owner has not written it yet. */
export function holder(file) {
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
