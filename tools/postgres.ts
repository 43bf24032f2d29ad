// The PostgreSQL that comes with the npm packages, run through pg_ctl: it outlives a killed parent, can be found again and
// recovers by itself. For development, tests, demos and small installations; DATABASE_URL replaces it.
import { createHash, randomBytes } from 'node:crypto'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { findBusyPorts } from '../server/src/supervisor/ports.ts'
import { makeDataFolder } from './data-folder.ts'
import { Halt } from './halt.mjs'
import { isAlive, withLock } from './lock.mjs'
import { type Binary, findBinaries } from './postgres/binaries.ts'
import { initCluster, type Settings, versionOf, writeSettings } from './postgres/cluster.ts'
import {
  canEnter,
  type DatabaseUser,
  findDatabaseUser,
  runAs,
  systemFolder,
} from './postgres/database-user.ts'
import { findPostmaster, type Postmaster, removeForeignPidFile } from './postgres/pid-file.ts'

const majorVersion = '18'
/** Where process 1 reaps slowly, a killed postmaster looks alive for seconds and a new one refuses to start. */
const startWithinMs = 30_000
const recoverWithinMs = 300_000

export type Postgres = {
  readonly url: string
  readonly dataFolder: string
  /** Where the database really lies: elsewhere when its user may not enter `dataFolder`. */
  readonly cluster: string
  readonly port: number
  /** Of the postmaster; `undefined` when it does not run. */
  pid(): Promise<number | undefined>
  stop(): Promise<void>
  /** Stops it and removes all data. */
  destroy(): Promise<void>
  /** What a crash looks like; for tests. */
  kill9(): Promise<void>
}

type Place = {
  readonly dataFolder: string
  readonly cluster: string
  readonly user: DatabaseUser
  readonly binary: (name: Binary) => string
}

/** Starts PostgreSQL on `dataFolder`, or finds the one that already runs there. */
export async function startPostgres(options: {
  readonly dataFolder: string
  readonly settings?: Settings
}): Promise<Postgres> {
  const dataFolder = path.resolve(options.dataFolder)
  const user = await findDatabaseUser()
  const binary = await findBinaries(user)
  makeDataFolder(dataFolder)
  return withLock(path.join(dataFolder, 'start.lock'), async () => {
    const place = { dataFolder, user, binary, cluster: await placeCluster(dataFolder, user) }
    const password = await ensureCluster(place)
    await writeSettings(place.cluster, options.settings ?? {})
    const port = await bringUp(place, password)
    return handle(place, port, urlOf(port, password))
  })
}

async function placeCluster(dataFolder: string, user: DatabaseUser): Promise<string> {
  if (await canEnter(user, dataFolder)) return path.join(dataFolder, 'cluster')
  // The data folder lies where the database user may not go, below /root for example. Its files get a place by an id rather
  // than by the path: whoever deletes the data folder and begins anew does not meet the old database.
  const idFile = path.join(dataFolder, 'cluster-id')
  const id = await readFile(idFile, 'utf8').catch(() => undefined)
  const chosen = id ?? randomBytes(8).toString('hex')
  if (id === undefined) await writeFile(idFile, chosen)
  const folder = path.join(await systemFolder(), `data-${chosen}`)
  await mkdir(folder, { recursive: true })
  return path.join(folder, 'cluster')
}

async function ensureCluster({ dataFolder, cluster, user, binary }: Place): Promise<string> {
  const passwordFile = path.join(dataFolder, 'password')
  const version = await versionOf(cluster)
  if (version === undefined) {
    const password = randomBytes(24).toString('base64url')
    await rm(passwordFile, { force: true })
    await writeFile(passwordFile, password, { mode: 0o600, flag: 'wx' })
    await initCluster({ cluster, user, password, initdb: binary('initdb') })
    return password
  }
  if (version !== majorVersion)
    throw new Halt(
      `${cluster} was written by PostgreSQL ${version}, and this is ${majorVersion}. ` +
        'Move the data over with pg_dump and pg_restore, or set FASTCHAT_DATA to an empty folder.',
    )
  return readFile(passwordFile, 'utf8').catch(() => {
    throw new Halt(
      `The password of the database, ${passwordFile}, is missing. ` +
        `Put it back, or remove ${cluster} to begin with an empty database.`,
    )
  })
}

async function bringUp(place: Place, password: string): Promise<number> {
  const log = path.join(place.cluster, 'postgres.log')
  const began = Date.now()
  let said = ''
  for (;;) {
    const found = await findPostmaster(place.cluster)
    if (found?.state === 'ready' && (await answers(urlOf(found.port, password)))) return found.port
    if (Date.now() - began > (found?.state === 'starting' ? recoverWithinMs : startWithinMs))
      throw new Halt(
        [`PostgreSQL did not start; ${log} says why.`, describe(found), said].join('\n').trim(),
      )

    if (found?.state !== 'starting') {
      await removeForeignPidFile(place.cluster)
      const { code, output } = await runAs(place.user, place.binary('pg_ctl'), [
        ...['start', '-D', place.cluster, '-l', log, '-w', '-t', '5', '-o'],
        `-p ${await choosePort(place.dataFolder)}`,
      ])
      said = `pg_ctl ended with ${code}: ${output.trim()}`
    }
    if ((await findPostmaster(place.cluster))?.state !== 'ready') await sleep(200)
  }
}

function describe(found: Postmaster | undefined): string {
  return found === undefined
    ? 'No process of it is left.'
    : `Process ${found.pid} is ${found.state} on port ${found.port}.`
}

/** The same port each time, so that servers that outlived their database find it again. Below the ephemeral ports. */
async function choosePort(dataFolder: string): Promise<number> {
  const file = path.join(dataFolder, 'port')
  const last = Number(await readFile(file, 'utf8').catch(() => '0'))
  const first = Number.parseInt(hashOf(dataFolder).slice(0, 8), 16)
  const others = Array.from({ length: 200 }, (_, step) => 20_000 + ((first + step) % 10_000))
  const port = await firstFree(last > 0 ? [last, ...others] : others)
  if (port === undefined) throw new Halt('No free port for PostgreSQL between 20000 and 30000.')
  await writeFile(file, String(port))
  return port
}

async function firstFree(ports: readonly number[]): Promise<number | undefined> {
  for (const port of ports) if ((await findBusyPorts([port])).length === 0) return port
  return undefined
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 })
  // A connection that is cut while it idles would otherwise end the process.
  client.on('error', () => {})
  try {
    await client.connect()
    return true
  } catch (error) {
    if ((error as { code?: string }).code === '28P01')
      throw new Halt(
        'The database refuses the password in its data folder: they do not belong together.',
      )
    return false
  } finally {
    await client.end().catch(() => {})
  }
}

function handle(place: Place, port: number, url: string): Postgres {
  const { dataFolder, cluster, user, binary } = place
  const pid = async () => (await findPostmaster(cluster))?.pid
  const stop = async () => {
    for (const mode of ['fast', 'immediate']) {
      if ((await pid()) === undefined) return
      await runAs(user, binary('pg_ctl'), ['stop', '-D', cluster, '-m', mode, '-w', '-t', '30'])
    }
  }
  return {
    url,
    dataFolder,
    cluster,
    port,
    pid,
    stop,
    async destroy() {
      await stop()
      // A process that has just ended may still be taking its last file along.
      const thoroughly = { recursive: true, force: true, maxRetries: 10 }
      await rm(path.dirname(cluster), thoroughly)
      await rm(dataFolder, thoroughly)
    },
    async kill9() {
      const found = await pid()
      if (found === undefined) return
      process.kill(found, 'SIGKILL')
      while (isAlive(found)) await sleep(20)
    },
  }
}

function urlOf(port: number, password: string): string {
  return `postgresql://fastchat:${password}@127.0.0.1:${port}/postgres`
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
