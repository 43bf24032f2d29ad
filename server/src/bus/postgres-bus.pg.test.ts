import assert from 'node:assert/strict'
import { test } from 'node:test'
import pg from 'pg'
import { createTestDatabase } from '../../../tests/support/database.ts'
import type { Log } from '../observability/log.ts'
import { type BusUnderTest, collect, mailboxNote, testBusContract } from './bus.contract.ts'
import type { Bus } from './bus.ts'
import { createPostgresBus } from './postgres-bus.ts'

const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} }

async function start(): Promise<BusUnderTest & { url: string }> {
  const database = await createTestDatabase()
  const buses: Bus[] = []
  return {
    url: database.url,
    async open(serverId) {
      const bus = createPostgresBus({ serverId, url: database.url, log: quiet })
      buses.push(bus)
      await until(() => bus.state() === 'up')
      return bus
    },
    async close() {
      await Promise.all(buses.map((bus) => bus.close()))
      await database.drop()
    },
  }
}

testBusContract('the PostgreSQL bus', start)

test('the PostgreSQL bus: after its connection was cut it comes back and carries notes again', async () => {
  const buses = await start()
  const [one, two] = await Promise.all([buses.open(1), buses.open(2)])
  const atTwo = collect(two)

  const cut = cutConnection(buses.url, 2)
  await until(() => two.state() === 'down')
  await cut
  await until(() => two.state() === 'up')
  const note = mailboxNote()
  one.send(2, note)
  await atTwo.until(note)

  assert.deepEqual(atTwo.notes.at(-1), note)
  await buses.close()
})

test('the PostgreSQL bus: notes made while the connection is away leave when it is back', async () => {
  const buses = await start()
  const [one, two] = await Promise.all([buses.open(1), buses.open(2)])
  const atTwo = collect(two)
  const note = mailboxNote()

  const cut = cutConnection(buses.url, 1)
  await until(() => one.state() === 'down')
  one.send(2, note)
  await cut
  await atTwo.until(note)

  assert.equal(one.state(), 'up')
  await buses.close()
})

test('the PostgreSQL bus: notes of one turn leave in one statement, and of a busy time in few', async () => {
  const buses = await start()
  const [one, two] = await Promise.all([buses.open(1), buses.open(2)])
  const atTwo = collect(two)
  let payloads = 0
  const ear = new pg.Client({ connectionString: buses.url })
  await ear.connect()
  await ear.query('LISTEN fastchat_2')
  ear.on('notification', () => {
    payloads += 1
  })
  const notes = Array.from({ length: 300 }, mailboxNote)

  for (const note of notes) one.send(2, note)
  for (const note of notes) await atTwo.until(note)
  await ear.query('SELECT 1')

  assert.equal(payloads, 1)
  await ear.end()
  await buses.close()
})

test('the PostgreSQL bus: what a stranger puts on the channel is ignored', async () => {
  const buses = await start()
  const [one, two] = await Promise.all([buses.open(1), buses.open(2)])
  const atTwo = collect(two)
  const note = mailboxNote()

  for (const payload of [
    '',
    '1',
    '1 x',
    '1 mshort',
    '1 q0123456789012345678901',
    `1 o${'A'.repeat(66)}X1`,
    '\u2028 {}',
  ])
    await run(buses.url, 'SELECT pg_notify($1, $2)', ['fastchat_2', payload])
  one.send(2, note)
  await atTwo.until(note)

  assert.deepEqual(atTwo.notes, [note])
  await buses.close()
})

/** Not awaited before the loss was seen: it may be made good sooner than this statement ends. */
function cutConnection(url: string, serverId: number): Promise<void> {
  return run(
    url,
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE application_name = $1 AND datname = current_database()`,
    [`fastchat-bus-${serverId}`],
  )
}

async function run(url: string, sql: string, values: string[] = []): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(sql, values)
  await client.end()
}

/** The bus has no event for its state: it is looked at each turn of the event loop. */
async function until(isTrue: () => boolean): Promise<void> {
  const deadline = performance.now() + 10_000
  while (!isTrue()) {
    if (performance.now() > deadline) throw new Error('It did not happen within ten seconds.')
    await new Promise(setImmediate)
  }
}
