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
  await store(alice, [1, 2, 40, 110], 100)
  await store(bob, [3, 121, 300], 1000)

  const figures = await measure()

  assert.equal(figures.messages, 5)
  assert.equal(figures.bytes, 1400)
  assert.deepEqual(figures.ages, [3, 0, 0, 1, 0, 0, 0, 0, 0, 1])
  assert.ok(Math.abs((figures.oldestMs ?? 0) - 110_000) < 2000, String(figures.oldestMs))
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

test('mailboxes with messages are looked into one by one, however much the planner knows of the store', async () => {
  await sql.rows('UPDATE mailboxes SET acked_seq = next_seq - 1, stored_count = 0')
  await fillStore({ mailboxes: 500, messages: 100, waitingIn: 100 })
  await sql.rows('ANALYZE')

  const before = await readByExpiry()
  const figures = await measure()
  const names = await waiting.listRecipients()

  assert.equal(figures.recipientCount, 100)
  assert.equal(names.length, 100)
  assert.equal(await readByExpiry(), before)
})

/** Messages of the last minute, acknowledged but for the newest one of the first mailboxes. */
async function fillStore(size: { mailboxes: number; messages: number; waitingIn: number }) {
  await sql.rows(
    `WITH people AS (
      INSERT INTO clients (id, username, username_skeleton, identity_key, opaque_record, vault, vault_version, device_list, device_list_signature, device_list_version)
      SELECT gen_random_uuid(), 'many' || i, 'many' || i, c.identity_key, 'none', '\\x01', 1, c.device_list, c.device_list_signature, 1
      FROM generate_series(1, $1) i, clients c WHERE c.id = $2 RETURNING id)
    INSERT INTO devices (id, client_id, name, encryption_key, signing_key, added_in)
    SELECT gen_random_uuid(), people.id, 'd', d.encryption_key, d.signing_key, 1 FROM people, devices d WHERE d.client_id = $2`,
    [size.mailboxes, alice.clientId],
  )
  await sql.rows(
    `INSERT INTO mailboxes (device_id, next_seq, acked_seq, stored_count)
    SELECT id, $1 + 1, $1 - waits, waits FROM (
      SELECT id, (row_number() OVER () <= $2)::int AS waits FROM devices d
      WHERE NOT EXISTS (SELECT FROM mailboxes WHERE device_id = d.id)) AS boxes`,
    [size.messages, size.waitingIn],
  )
  await sql.rows(
    `INSERT INTO msg_store (slot, device_id, seq, sender_device_id, message_id, accepted_at, expires_at, size, sender_server, wrapped_key)
    SELECT msg_slot(at, ${ttlMs}), device_id, seq, device_id, gen_random_uuid(), at, at + interval '${ttlMs} ms', 100, 1, 'key'
    FROM mailboxes, generate_series(1, $1) seq, LATERAL (SELECT clock_timestamp() - ($1 - seq) * interval '0.5 s' AS at) moment
    WHERE next_seq = $1 + 1 AND device_id <> ALL ($2)`,
    [size.messages, [alice.deviceId, bob.deviceId]],
  )
}

/** What the index of expiry has told so far. Counters of a connection are told at the end of what it does next. */
async function readByExpiry(): Promise<number> {
  const connections = await Promise.all([database.pool.connect(), database.pool.connect()])
  for (const connection of connections) {
    await connection.query('SELECT pg_stat_force_next_flush()')
    connection.release()
  }
  const [row] = await sql.rows<{ read: number }>(
    `SELECT sum(idx_tup_read)::float8 AS read FROM pg_stat_user_indexes WHERE indexrelname LIKE 'msg_store%expires_at_idx'`,
  )
  return row?.read ?? 0
}
