import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { untilTrue } from '../../../tests/support/until.ts'
import {
  assertAccepted,
  database,
  message,
  type Person,
  person,
  stores,
  useDatabase,
} from '../testing/message-store.ts'
import { acceptMessages } from './accept-messages.ts'
import { createGroupStore, type GroupChange } from './groups.ts'

useDatabase()

const options = { messageTtlMs: 120_000, quota: { messages: 1000, bytes: 32 * 1024 * 1024 } }
const groupId = () => randomUUID() as string

function change(id: string, version: number, hash: Uint8Array<ArrayBuffer>): GroupChange {
  const [entry, signature] = [new Uint8Array(randomBytes(100)), new Uint8Array(randomBytes(64))]
  return {
    ...{ groupId: id, version, entry, hash, signature },
    ...{ name: 'Book club', set: [], removed: [], isLast: false },
  }
}

/** A group of version 1, and the change that makes version 2 of it. */
async function group() {
  const store = createGroupStore(database)
  const [id, first, second] = [groupId(), randomBytes(32), randomBytes(32)].map((one) =>
    typeof one === 'string' ? one : new Uint8Array(one),
  ) as [string, Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>]
  await store.insert(change(id, 1, first))
  return { id, move: () => store.append(change(id, 2, second), first) }
}

const toGroup = (from: Person, to: readonly Person[], id: string, version = 1) => {
  return { ...message(from, to), group: { groupId: id, version } }
}
const waiting = async ({ deviceId }: Person) =>
  (await stores().messages.read([{ deviceId, after: 0n, max: 100 }])).map((one) => one.messageId)

/** Resolves when some statement of this database waits for a lock. */
const untilSomethingWaits = () =>
  untilTrue('a statement waits for a lock', async () => {
    const { rows } = await database.pool.query(
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    )
    return rows.length > 0
  })

test('a message that meets a change of its group waits for it, and is then for an old roster', async () => {
  const [alice, bob] = [await person(), await person()]
  const { id } = await group()
  const changing = await database.pool.connect()
  await changing.query('BEGIN')
  await changing.query('UPDATE groups SET version = 2 WHERE id = $1', [id])

  const sending = stores().messages.accept(toGroup(alice, [bob], id))
  await untilSomethingWaits()
  await changing.query('COMMIT')
  changing.release()

  assert.deepEqual(await sending, { kind: 'stale-roster' })
  assert.deepEqual(await waiting(bob), [])
})

test('a change of a group waits for the messages that are being stored for its roster', async () => {
  const [alice, bob] = [await person(), await person()]
  const { id, move } = await group()
  const holding = await database.pool.connect()
  await holding.query('BEGIN')
  await holding.query('SELECT FROM mailboxes WHERE device_id = $1 FOR UPDATE', [bob.deviceId])
  const sent = toGroup(alice, [bob], id)
  const sending = stores().messages.accept(sent)
  await untilSomethingWaits()
  const order: string[] = []

  const both = [
    sending.then(() => order.push('stored')),
    move().then((moved) => order.push(moved ? 'changed' : 'lost')),
  ]
  await holding.query('COMMIT')
  holding.release()
  await Promise.all(both)

  assert.deepEqual(order, ['stored', 'changed'])
  assert.deepEqual(await waiting(bob), [sent.messageId])
  assert.deepEqual(await stores().messages.accept(toGroup(alice, [bob], id)), {
    kind: 'stale-roster',
  })
})

test('what is for an old roster, or for no group, is left out, and the rest of its batch is stored', async () => {
  const [alice, bob] = [await person(), await person()]
  const [old, current] = [await group(), await group()]
  await old.move()
  const good = [
    toGroup(alice, [bob], old.id, 2),
    message(alice, [bob]),
    toGroup(alice, [bob], current.id),
  ]
  const bad = [
    toGroup(alice, [bob], old.id),
    toGroup(alice, [bob], current.id, 2),
    toGroup(alice, [bob], groupId()),
  ]

  const answers = await acceptMessages(database.pool, options, [...good, ...bad])

  assert.deepEqual(
    answers.map(({ kind }) => kind),
    [...good.map(() => 'accepted'), ...bad.map(() => 'stale-roster')],
  )
  assert.deepEqual(
    await waiting(bob),
    good.map(({ messageId }) => messageId),
  )
})

test('the repeat of a message to a group gets its first answer, whatever the roster is by now', async () => {
  const [alice, bob] = [await person(), await person()]
  const { id, move } = await group()
  const sent = toGroup(alice, [bob], id)
  const first = assertAccepted(await stores().messages.accept(sent))
  await move()

  const again = assertAccepted(await stores().messages.accept(sent))

  assert.equal(again.repeated, true)
  assert.deepEqual(again.acceptedAt, first.acceptedAt)
})

test('64 messages to 200 devices are one commit that takes no longer than a statement may', async () => {
  const people: Person[] = []
  for (let index = 0; index < 200; index += 1) people.push(await person())
  const [alice] = people as [Person]
  const { id } = await group()
  const batch = Array.from({ length: 64 }, () => toGroup(alice, people, id))

  const answers = (await acceptMessages(database.pool, options, batch)).map(assertAccepted)

  for (const [index, { deliveries }] of answers.entries()) {
    assert.equal(deliveries.length, 200)
    assert.ok(deliveries.every(({ seq }) => seq === BigInt(index + 1)))
  }
})

test('sends and changes of the same groups from five servers at once do not deadlock', async () => {
  const [alice, bob] = [await person(), await person()]
  const groups = [await group(), await group(), await group()]
  const send = (server: number) => {
    const order = server % 2 === 0 ? groups : groups.toReversed()
    const batch = order.flatMap(({ id }) => [toGroup(alice, [bob], id), toGroup(bob, [alice], id)])
    return acceptMessages(database.pool, options, batch)
  }

  const [answers] = await Promise.all([
    Promise.all(Array.from({ length: 20 }, (_, server) => send(server))),
    ...groups.map(({ move }) => move()),
  ])

  const kinds = new Set(answers.flat().map(({ kind }) => kind))
  assert.ok(kinds.isSubsetOf(new Set(['accepted', 'stale-roster'])), [...kinds].join())
})
