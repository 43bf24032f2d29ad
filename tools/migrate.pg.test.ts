import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import pg from 'pg'
import { Halt } from './halt.mjs'
import { migrate } from './migrate.ts'

type Scene = {
  readonly url: string
  readonly folder: string
  write(name: string, sql: string): void
  query(sql: string): Promise<readonly Record<string, unknown>[]>
}

/** An empty database and an empty folder of migrations. */
async function withScene(use: (scene: Scene) => Promise<void>): Promise<void> {
  const admin = process.env.TEST_DATABASE_URL
  assert.ok(admin, 'TEST_DATABASE_URL is not set: run this with npm test')
  const name = `migrate_${crypto.randomUUID().replaceAll('-', '')}`
  await queryOn(admin, `CREATE DATABASE ${name}`)
  const url = new URL(admin)
  url.pathname = `/${name}`
  const folder = mkdtempSync(path.join(os.tmpdir(), 'fastchat-migrate-'))
  try {
    await use({
      url: url.href,
      folder,
      write(migration, sql) {
        mkdirSync(path.join(folder, migration), { recursive: true })
        writeFileSync(path.join(folder, migration, 'migration.sql'), sql)
      },
      query: (sql) => queryOn(url.href, sql),
    })
  } finally {
    rmSync(folder, { recursive: true })
    await queryOn(admin, `DROP DATABASE ${name} WITH (FORCE)`)
  }
}

async function queryOn(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

test('migrations are applied in the order of their names, and once', () =>
  withScene(async ({ url, folder, write, query }) => {
    write('2_rows', 'INSERT INTO a VALUES (2)')
    write('1_table', 'CREATE TABLE a (id int)')

    const first = await migrate(url, folder)
    const second = await migrate(url, folder)

    assert.deepEqual(first, { applied: ['1_table', '2_rows'], warnings: [] })
    assert.deepEqual(second, { applied: [], warnings: [] })
    assert.deepEqual(await query('SELECT id FROM a'), [{ id: 2 }])
  }))

test('five processes that start together apply each migration once', () =>
  withScene(async ({ url, folder, write, query }) => {
    write('1_table', 'CREATE TABLE a (id int); INSERT INTO a VALUES (1)')

    const all = await Promise.all(Array.from({ length: 5 }, () => migrate(url, folder)))

    assert.deepEqual(
      all.flatMap(({ applied }) => applied),
      ['1_table'],
    )
    assert.deepEqual(await query('SELECT count(*)::int AS n FROM a'), [{ n: 1 }])
  }))

test('a migration that fails changes nothing, is recorded, and stops every later run', () =>
  withScene(async ({ url, folder, write, query }) => {
    write('1_broken', 'CREATE TABLE a (id int); SELECT 1 / 0')

    await assert.rejects(migrate(url, folder), (error) => {
      assert.ok(error instanceof Halt)
      assert.match(error.message, /1_broken failed and changed nothing \(P3018\): division by zero/)
      return true
    })
    write('1_broken', 'SELECT 1')
    await assert.rejects(migrate(url, folder), /1_broken failed earlier .*P3009/)

    assert.deepEqual(await query(`SELECT to_regclass('a') AS a`), [{ a: null }])
  }))

test('a failed migration that a person marked as rolled back is applied again', () =>
  withScene(async ({ url, folder, write, query }) => {
    write('1_table', 'SELECT 1 / 0')
    await assert.rejects(migrate(url, folder))

    await query('UPDATE _prisma_migrations SET rolled_back_at = now()')
    write('1_table', 'CREATE TABLE a (id int)')

    assert.deepEqual((await migrate(url, folder)).applied, ['1_table'])
  }))

test('an edited and a vanished migration are warned of and change nothing', () =>
  withScene(async ({ url, folder, write }) => {
    write('1_a', 'CREATE TABLE a (id int)')
    write('2_b', 'CREATE TABLE b (id int)')
    await migrate(url, folder)

    write('1_a', 'CREATE TABLE a (id bigint)')
    rmSync(path.join(folder, '2_b'), { recursive: true })

    assert.deepEqual(await migrate(url, folder), {
      applied: [],
      warnings: [
        'The database has migration 2_b, which this version does not know.',
        'Migration 1_a was edited after it was applied.',
      ],
    })
  }))

test('a database with tables of somebody else is refused', () =>
  withScene(async ({ url, folder, write, query }) => {
    await query('CREATE TABLE theirs (id int)')
    write('1_a', 'CREATE TABLE a (id int)')

    await assert.rejects(migrate(url, folder), /P3005/)

    assert.deepEqual(await query(`SELECT to_regclass('_prisma_migrations') AS t`), [{ t: null }])
  }))

test('a function with semicolons in its body survives', () =>
  withScene(async ({ url, folder, write, query }) => {
    write(
      '1_function',
      `CREATE FUNCTION two() RETURNS int LANGUAGE plpgsql AS $$ BEGIN PERFORM 1; RETURN 2; END $$;`,
    )

    await migrate(url, folder)

    assert.deepEqual(await query('SELECT two() AS n'), [{ n: 2 }])
  }))

test('a database that does not answer is told in one line without its password', async () => {
  await assert.rejects(migrate('postgresql://alice:hunter2@127.0.0.1:1/x', '.'), (error) => {
    assert.ok(error instanceof Halt)
    assert.match(
      error.message,
      /^The database cannot be reached: .*ECONNREFUSED.* check DATABASE_URL\.$/,
    )
    assert.doesNotMatch(error.message, /hunter2/)
    return true
  })
})
