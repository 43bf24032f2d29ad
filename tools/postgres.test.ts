import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import pg from 'pg'
import { type Postgres, startPostgres } from './postgres.ts'

async function withFolder(use: (dataFolder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'fastchat postgres '))
  // The database user of root has to pass.
  chmodSync(folder, 0o755)
  try {
    await use(path.join(folder, 'data'))
  } finally {
    const dataFolder = path.join(folder, 'data')
    if (existsSync(dataFolder)) await (await startPostgres({ dataFolder })).destroy()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function query(postgres: Postgres, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: postgres.url })
  await client.connect()
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows.flat()
  } finally {
    await client.end()
  }
}

test('a second start finds the PostgreSQL that runs, and one after kill -9 finds what was committed', () =>
  withFolder(async (dataFolder) => {
    const first = await startPostgres({ dataFolder })
    await query(first, 'CREATE TABLE kept AS SELECT 1 AS one')

    const second = await startPostgres({ dataFolder })
    assert.equal(await second.pid(), await first.pid())
    await second.kill9()
    assert.equal(await second.pid(), undefined)
    const third = await startPostgres({ dataFolder })

    assert.equal(third.url, first.url)
    assert.deepEqual(await query(third, 'SELECT one FROM kept'), [1])
  }))

test('starts at the same moment share one PostgreSQL', () =>
  withFolder(async (dataFolder) => {
    const all = await Promise.all(Array.from({ length: 3 }, () => startPostgres({ dataFolder })))

    const pids = await Promise.all(all.map((postgres) => postgres.pid()))
    assert.equal(new Set(pids).size, 1)
  }))

test('a start that was cut short while it made the files starts over', () =>
  withFolder(async (dataFolder) => {
    mkdirSync(path.join(dataFolder, 'cluster.new'), { recursive: true })
    writeFileSync(path.join(dataFolder, 'cluster.new', 'PG_VERSION'), '18\n')
    writeFileSync(path.join(dataFolder, 'password'), 'of a cluster that never was')

    const postgres = await startPostgres({ dataFolder })

    assert.deepEqual(await query(postgres, 'SELECT 1'), [1])
  }))

test('a pid file that now names another program does not keep PostgreSQL down', () =>
  withFolder(async (dataFolder) => {
    const postgres = await startPostgres({ dataFolder })
    const [file] = await query(postgres, `SELECT current_setting('data_directory')`)
    const pidFile = path.join(String(file), 'postmaster.pid')
    await postgres.stop()
    writeFileSync(pidFile, `${process.pid}\n${file}\n0\n${postgres.port}\n\n127.0.0.1\n0\nready\n`)

    const again = await startPostgres({ dataFolder })

    assert.deepEqual(await query(again, 'SELECT 1'), [1])
  }))

test('what the promises rest on is set', () =>
  withFolder(async (dataFolder) => {
    const postgres = await startPostgres({ dataFolder, settings: { work_mem: '5MB' } })
    const names = [
      'fsync',
      'synchronous_commit',
      'full_page_writes',
      'wal_recycle',
      'max_connections',
      'listen_addresses',
      'password_encryption',
      'work_mem',
    ]

    const values = await query(
      postgres,
      `SELECT ${names.map((name) => `current_setting('${name}')`)}`,
    )

    assert.deepEqual(values, ['on', 'on', 'on', 'off', '200', '127.0.0.1', 'scram-sha-256', '5MB'])
  }))

test(
  'the password is in one private file and in no process list',
  { skip: process.platform === 'win32' },
  () =>
    withFolder(async (dataFolder) => {
      const { url } = await startPostgres({ dataFolder })
      const { password } = new URL(url)

      assert.equal(statSync(path.join(dataFolder, 'password')).mode & 0o777, 0o600)
      assert.ok(password.length >= 32)
      assert.ok(!execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).includes(password))
    }),
)

test('a data folder without its password says what is missing', () =>
  withFolder(async (dataFolder) => {
    const file = path.join(dataFolder, 'password')
    const postgres = await startPostgres({ dataFolder })
    await postgres.stop()
    const password = new URL(postgres.url).password
    rmSync(file)

    await assert.rejects(
      startPostgres({ dataFolder }),
      /The password of the database, .* is missing/,
    )
    writeFileSync(file, password, { mode: 0o600 })
  }))

test(
  'root may keep its data where the database user cannot go, and begin anew in the same place',
  { skip: process.getuid?.() !== 0 },
  () =>
    withFolder(async (dataFolder) => {
      chmodSync(path.dirname(dataFolder), 0o700)
      const first = await startPostgres({ dataFolder })
      await query(first, 'CREATE TABLE kept AS SELECT 1 AS one')
      await first.stop()
      const again = await startPostgres({ dataFolder })
      assert.deepEqual(await query(again, 'SELECT one FROM kept'), [1])
      assert.notEqual(path.dirname(again.cluster), dataFolder)
      await again.stop()
      rmSync(dataFolder, { recursive: true })

      const anew = await startPostgres({ dataFolder })

      assert.deepEqual(await query(anew, `SELECT to_regclass('kept')::text`), [null])
      rmSync(path.dirname(again.cluster), { recursive: true })
    }),
)
