import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Account, createAccount } from '../../../tests/support/account.ts'
import { createTestDatabase, type TestDatabase } from '../../../tests/support/database.ts'
import { openSql, type Sql } from '../../../tests/support/sql.ts'
import { type Database, openDatabase } from './database.ts'
import { createWaitingStore, type WaitingFigures, type WaitingStore } from './waiting.ts'

const ttlMs = 120_000
let testDatabase: TestDatabase
let database: Database
let sql: Sql
let waiting: WaitingStore
let alice: Account
let bob: Account

before(async () => {
  testDatabase = await createTestDatabase()
  database = openDatabase({ url: testDatabase.url, poolSize: 2, onError: () => {} })
  sql = await openSql(testDatabase.url)
  waiting = createWaitingStore(database, { messageTtlMs: ttlMs })
  alice = await createAccount(sql, 'alice')
  bob = await createAccount(sql, 'bob')
})
after(async () => {
  await sql[Symbol.asyncDispose]()
  await database.close()
  await testDatabase.drop()
})

/** In the store with a certain age, as the sending of messages leaves it. */
async function store(to: Account, agesSeconds: readonly number[], size: number) {
  for (const age of agesSeconds)
    await sql.rows(
      `WITH box AS (UPDATE mailboxes SET next_seq = next_seq + 1, stored_count = stored_count + 1 WHERE device_id = $1
         RETURNING next_seq - 1 AS seq)
       INSERT INTO msg_store (slot, device_id, seq, sender_device_id, message_id, accepted_at, expires_at, size, sender_server, wrapped_key)
       SELECT msg_slot(at, ${ttlMs}), $1, seq, $1, gen_random_uuid(), at, at + interval '${ttlMs} ms', $3, 1, 'key'
       FROM box, (SELECT clock_timestamp() - make_interval(secs => $2) AS at) AS moment`,
      [to.deviceId, age, size],
    )
}

async function measure(): Promise<WaitingFigures> {
  const [row] = await sql.rows<{ second: number }>(
    `INSERT INTO waiting_samples (slot, second)
     SELECT second % 300, second FROM (SELECT floor(extract(epoch FROM clock_timestamp()))::bigint AS second) AS moment
     ON CONFLICT (slot) DO UPDATE SET second = EXCLUDED.second RETURNING second::float8`,
  )
  await waiting.measure(row?.second ?? 0)
  const samples = await waiting.listSamples(5)
  return samples.toSorted((a, b) => b.second - a.second)[0]?.figures as WaitingFigures
}

test('nothing waits at first', async () => {
  const figures = await measure()

  assert.equal(figures.messages, 0)
  assert.equal(figures.bytes, 0)
  assert.equal(figures.oldestMs, null)
  assert.deepEqual(figures.ages, new Array(10).fill(0))
  assert.deepEqual(figures.recipients, [])
})

test('what waits is counted by age and by account; what was acknowledged or has expired is not', async () => {
  await store(alice, [1, 2, 40, 119], 100)
  await store(bob, [3, 121, 300], 1000)

  const figures = await measure()

  assert.equal(figures.messages, 5)
  assert.equal(figures.bytes, 1400)
  assert.deepEqual(figures.ages, [3, 0, 0, 1, 0, 0, 0, 0, 0, 1])
  assert.ok(Math.abs((figures.oldestMs ?? 0) - 119_000) < 2000, String(figures.oldestMs))
  assert.equal(figures.recipientCount, 2)
  assert.deepEqual(
    figures.recipients.map(({ clientId, messages, bytes }) => ({ clientId, messages, bytes })),
    [
      { clientId: alice.clientId, messages: 4, bytes: 400 },
      { clientId: bob.clientId, messages: 1, bytes: 1000 },
    ],
  )

  await sql.rows('UPDATE mailboxes SET acked_seq = 3, stored_count = 1 WHERE device_id = $1', [
    alice.deviceId,
  ])
  assert.equal((await measure()).messages, 2)
})

test('a name is found only of those that something waits for', async () => {
  await sql.rows(
    'UPDATE mailboxes SET acked_seq = next_seq - 1, stored_count = 0 WHERE device_id = $1',
    [bob.deviceId],
  )

  assert.deepEqual(await waiting.listRecipients(), [
    { clientId: alice.clientId, username: 'alice' },
  ])
})
