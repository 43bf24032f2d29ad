import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { isAlive } from '../lock.mjs'
import { type Postgres, startPostgres } from '../postgres.ts'
import type { Settings } from './cluster.ts'

const prefix = 'fastchat-throw-away-'

/**
 * Lends `use` a PostgreSQL of its own and removes it afterwards. Its durability settings are the real ones, so that a test of
 * a promise tests the promise.
 */
export async function withThrowAwayPostgres<T>(
  use: (postgres: Postgres) => Promise<T>,
  settings: Settings = {},
): Promise<T> {
  await sweep()
  const folder = await mkdtemp(path.join(os.tmpdir(), prefix))
  await writeFile(path.join(folder, 'owner'), String(process.pid))
  const postgres = await startPostgres({ dataFolder: folder, settings })
  try {
    return await use(postgres)
  } finally {
    await postgres.destroy()
  }
}

/** Removes what runs left behind that were killed before they could. */
async function sweep(): Promise<void> {
  const names = (await readdir(os.tmpdir())).filter((name) => name.startsWith(prefix))
  for (const name of names) {
    const folder = path.join(os.tmpdir(), name)
    const owner = Number(await readFile(path.join(folder, 'owner'), 'utf8').catch(() => ''))
    if (owner === 0 || isAlive(owner)) continue
    const abandoned = await startPostgres({ dataFolder: folder }).catch(() => undefined)
    if (abandoned === undefined) await rm(folder, { recursive: true, force: true })
    else await abandoned.destroy()
  }
}
