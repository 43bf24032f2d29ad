import { execFile } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { isAlive } from '../lock.mjs'

export type Postmaster = {
  readonly pid: number
  readonly port: number
  readonly state: 'starting' | 'ready' | 'stopping'
}

/** What PostgreSQL wrote about itself; `undefined` when no such process is left. */
export async function findPostmaster(cluster: string): Promise<Postmaster | undefined> {
  const lines = await readFile(pidFile(cluster), 'utf8').then(
    (text) => text.split('\n'),
    () => [],
  )
  const pid = Number(lines[0])
  const port = Number(lines[3])
  if (!pid || !isAlive(pid)) return undefined
  const state = lines[7]?.trim()
  return { pid, port, state: state === 'ready' || state === 'stopping' ? state : 'starting' }
}

/**
 * After a restart of the machine or container another program may have the pid in the file, and PostgreSQL then refuses to
 * start. A dead process of its own it sorts out itself, with more care than we could: that file stays.
 */
export async function removeForeignPidFile(cluster: string): Promise<void> {
  const found = await findPostmaster(cluster)
  if (found === undefined) return
  const name = await nameOf(found.pid)
  if (name !== undefined && !name.includes('postgres')) await rm(pidFile(cluster), { force: true })
}

async function nameOf(pid: number): Promise<string | undefined> {
  try {
    if (process.platform === 'linux') return await readFile(`/proc/${pid}/comm`, 'utf8')
    if (process.platform === 'win32') return undefined
    return (await promisify(execFile)('ps', ['-o', 'comm=', '-p', String(pid)])).stdout
  } catch {
    return undefined
  }
}

function pidFile(cluster: string): string {
  return path.join(cluster, 'postmaster.pid')
}
