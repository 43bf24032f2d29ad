import { appendFile, chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { Halt } from '../halt.mjs'
import { type DatabaseUser, runAs } from './database-user.ts'

export type Settings = Readonly<Record<string, string | number>>

/** What FastChat promises rests on some of these: change one only with the promise in docs/protocol.md in view. */
const defaults: Settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  password_encryption: 'scram-sha-256',
  // Five servers with a pool and a listener each, the balancer, tools and tests.
  max_connections: 200,
  shared_buffers: '128MB',
  // An acknowledged message is on disk.
  synchronous_commit: 'on',
  // An expired message leaves the write-ahead log too: old segments are removed, not renamed with the old bytes inside.
  wal_recycle: 'off',
  wal_init_zero: 'on',
  // No replicas and no archive: less is written, and nothing else holds old segments back.
  wal_level: 'minimal',
  max_wal_senders: 0,
  min_wal_size: '32MB',
  // The queries are short ones by key: compiling or spreading them costs more than it brings.
  jit: 'off',
  max_parallel_workers_per_gather: 0,
  timezone: 'UTC',
  log_timezone: 'UTC',
  // Nothing of a row or a statement reaches the log: it may hold what somebody wrote.
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
  log_min_messages: 'warning',
  log_checkpoints: 'off',
  log_autovacuum_min_duration: -1,
}

export async function writeSettings(cluster: string, settings: Settings): Promise<void> {
  const lines = Object.entries({ ...defaults, ...settings }).map(
    ([name, value]) => `${name} = '${String(value).replaceAll("'", "''")}'\n`,
  )
  await writeFile(path.join(cluster, 'fastchat.conf'), lines.join(''), { mode: 0o644 })
}

/** Makes an empty database cluster owned by the role `fastchat`. */
export async function initCluster(options: {
  readonly cluster: string
  readonly user: DatabaseUser
  readonly initdb: string
  readonly password: string
}): Promise<void> {
  const { cluster, user, initdb, password } = options
  // Under another name until it is complete: a start that is interrupted here simply starts over.
  const unfinished = `${cluster}.new`
  const passwordFile = `${cluster}.password`
  await rm(unfinished, { recursive: true, force: true })
  await rm(passwordFile, { force: true })
  await mkdir(unfinished, { mode: 0o700 })
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600, flag: 'wx' })
  try {
    await give(unfinished, user)
    await give(passwordFile, user)
    const { code, output } = await runAs(user, initdb, [
      ...['-D', unfinished, '-U', 'fastchat', `--pwfile=${passwordFile}`],
      ...['--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', '--no-instructions'],
    ])
    if (code !== 0) throw new Halt(`PostgreSQL could not create its files.\n${output.trim()}`)
    await appendFile(
      path.join(unfinished, 'postgresql.conf'),
      "\ninclude_if_exists 'fastchat.conf'\n",
    )
  } finally {
    await rm(passwordFile, { force: true })
  }
  await rename(unfinished, cluster)
}

async function give(file: string, user: DatabaseUser): Promise<void> {
  if (user !== 'self') await chown(file, user.uid, user.gid)
}

/** `undefined` when there is no cluster yet. */
export async function versionOf(cluster: string): Promise<string | undefined> {
  try {
    return (await readFile(path.join(cluster, 'PG_VERSION'), 'utf8')).trim()
  } catch {
    return undefined
  }
}
