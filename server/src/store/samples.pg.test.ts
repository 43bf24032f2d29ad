import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createTestDatabase, type TestDatabase } from '../../../tests/support/database.ts'
import { type Database, openDatabase } from './database.ts'
import { createSampleStore, sampleSlots } from './samples.ts'

let testDatabase: TestDatabase
let database: Database

before(async () => {
  testDatabase = await createTestDatabase()
  database = openDatabase({ url: testDatabase.url, poolSize: 6, onError: () => {} })
})
after(async () => {
  await database.close()
  await testDatabase.drop()
})

const startedAt = new Date('2026-11-22T12:00:00.000Z')
const count = async (table: string) =>
  Number((await database.pool.query(`SELECT count(*) FROM ${table}`)).rows[0].count)

test('of all processes that write in a second, one is to measure what waits', async () => {
  const store = createSampleStore(database)

  const claims = await Promise.all(
    Array.from({ length: 12 }, (_, serverId) =>
      store.write({ serverId, startedAt, figures: { sockets: serverId } }),
    ),
  )

  const seconds = claims.filter((second) => second !== null)
  assert.equal(new Set(seconds).size, seconds.length)
  assert.ok(seconds.length >= 1 && seconds.length < 12, String(seconds))
  const samples = await store.listSamples(10)
  assert.deepEqual(
    samples.map(({ serverId, figures }) => [serverId, figures.sockets]).toSorted(),
    Array.from({ length: 12 }, (_, id) => [id, id]).toSorted(),
  )
})

test('a sample of five minutes ago is written over, and what is old is not given out', async () => {
  const store = createSampleStore(database)
  await database.pool.query(`TRUNCATE server_samples`)
  await database.pool.query(
    `INSERT INTO server_samples (slot, server_id, at, started_at, figures)
     SELECT slot, 1, clock_timestamp() - interval '10 minutes', $1, '{}' FROM generate_series(0, ${sampleSlots - 1}) AS slot`,
    [startedAt],
  )

  await store.write({ serverId: 1, startedAt, figures: { sockets: 7 } })

  assert.equal(await count('server_samples'), sampleSlots)
  const samples = await store.listSamples(sampleSlots)
  assert.deepEqual(
    samples.map(({ figures }) => figures),
    [{ sockets: 7 }],
  )
})

test('how long ago a process was seen is known beyond five minutes', async () => {
  const store = createSampleStore(database)
  await database.pool.query(
    `INSERT INTO server_samples (slot, server_id, at, started_at, figures) VALUES (7, 0, '2026-11-01T00:00:00Z', $1, '{}')`,
    [startedAt],
  )

  assert.deepEqual(await store.findLastSeen(0), new Date('2026-11-01T00:00:00Z'))
  assert.equal(await store.findLastSeen(99), null)
})

test('measuring that costs much is done less often', async () => {
  const store = createSampleStore(database)
  await database.pool.query('TRUNCATE waiting_samples')
  await database.pool.query(
    `INSERT INTO waiting_samples (slot, second, figures)
     SELECT second % ${sampleSlots}, second, '{"tookMs": 500}'
     FROM (SELECT floor(extract(epoch FROM clock_timestamp()))::bigint - 3 AS second) AS moment`,
  )

  assert.equal(await store.write({ serverId: 1, startedAt, figures: {} }), null)
  await database.pool.query(`UPDATE waiting_samples SET figures = '{"tookMs": 90}'`)
  assert.notEqual(await store.write({ serverId: 1, startedAt, figures: {} }), null)
})
