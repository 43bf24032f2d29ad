import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { makeDataFolder } from '../data-folder.ts'
import { Halt } from '../halt.mjs'
import { holder, isAlive, type Lock, tryLock } from '../lock.mjs'
import { startPostgres } from '../postgres.ts'

const prefix = 'fastchat-demo-'
const lockName = 'running.lock'
const controlName = 'control.json'

/** How the running demo is asked for something. Whoever can read it is the person who started the demo. */
export interface Control {
  readonly port: number
  readonly key: string
}

export interface DemoFolder {
  readonly path: string
  /** True if a demo before this one was killed, so that its servers may still be on their way out. */
  readonly wasInterrupted: boolean
  publish(port: number): Promise<Control>
  /** Takes everything away; the database has to be gone. */
  remove(): Promise<void>
}

/** A folder that only this demo has. What demos left behind that were killed is cleared away first. */
export async function makeDemoFolder(say: (line: string) => void): Promise<DemoFolder> {
  const wasInterrupted = await clearAway(say)
  const folder = await mkdtemp(path.join(os.tmpdir(), prefix))
  makeDataFolder(folder)
  const lock = await tryLock(path.join(folder, lockName))
  if (lock === undefined) throw new Halt(`Somebody else took ${folder}. Start the demo again.`)
  return {
    path: folder,
    wasInterrupted,
    async publish(port) {
      const control = { port, key: randomBytes(24).toString('base64url') }
      await writeFile(path.join(folder, controlName), JSON.stringify(control), { mode: 0o600 })
      return control
    },
    async remove() {
      await rm(folder, { recursive: true, force: true, maxRetries: 10 })
      lock.release()
    },
  }
}

/** The demos of this person that run now. */
export async function runningDemos(): Promise<readonly (Control & { readonly folder: string })[]> {
  const demos = (await ownFolders()).map(async (folder) => {
    const pid = holder(path.join(folder, lockName))
    if (pid === undefined || pid === 0 || !isAlive(pid)) return []
    const text = await readFile(path.join(folder, controlName), 'utf8').catch(() => undefined)
    return text === undefined ? [] : [{ ...(JSON.parse(text) as Control), folder }]
  })
  return (await Promise.all(demos)).flat()
}

async function clearAway(say: (line: string) => void): Promise<boolean> {
  let found = false
  for (const folder of await ownFolders()) {
    // A folder without a lock belongs to a demo that is just being started, or being removed.
    if (holder(path.join(folder, lockName)) === undefined) continue
    const lock = await tryLock(path.join(folder, lockName))
    if (lock === undefined) continue
    found = true
    say('Clearing away a demo that was killed.')
    await removeAbandoned(folder, lock)
  }
  return found
}

async function removeAbandoned(folder: string, lock: Lock): Promise<void> {
  try {
    // The database outlives whoever started it, and only its own tool finds it again.
    const dataFolder = path.join(folder, 'postgres')
    const isThere = await stat(dataFolder).catch(() => undefined)
    const abandoned = isThere && (await startPostgres({ dataFolder }).catch(() => undefined))
    await abandoned?.destroy()
    await rm(folder, { recursive: true, force: true, maxRetries: 10 })
  } finally {
    lock.release()
  }
}

/** In a shared temporary folder others may put anything: theirs is neither removed nor believed. */
async function ownFolders(): Promise<readonly string[]> {
  const names = (await readdir(os.tmpdir())).filter((name) => name.startsWith(prefix))
  const own = names.map(async (name) => {
    const folder = path.join(os.tmpdir(), name)
    const facts = await stat(folder).catch(() => undefined)
    const isOurs = facts?.isDirectory() === true && facts.uid === (process.getuid?.() ?? facts.uid)
    return isOurs ? [folder] : []
  })
  return (await Promise.all(own)).flat()
}
