import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import {
  database,
  message,
  person,
  references,
  stores,
  useDatabase,
} from '../testing/message-store.ts'

useDatabase()

test('only the newest attachment may acknowledge', async () => {
  const { messages, mailboxes } = stores()
  const [alice, bob] = await Promise.all([person(), person()])
  const [older, newer] = [randomUUID(), randomUUID()]
  await messages.accept(message(alice, [bob]))
  await mailboxes.attach(bob.deviceId, older, null)
  await mailboxes.attach(bob.deviceId, newer, null)
  const ack = { deviceId: bob.deviceId, upTo: 1n, count: 1, bytes: 100 }

  assert.equal(await mailboxes.acknowledge({ ...ack, attachmentId: older }), null)
  assert.equal(await mailboxes.acknowledgeUnseen(bob.deviceId, older, 1n), null)
  assert.equal(
    await mailboxes.acknowledge({ ...ack, attachmentId: newer, upTo: 2n }),
    null,
    'not yet sent',
  )
  assert.equal((await mailboxes.acknowledge({ ...ack, attachmentId: newer }))?.ackedSeq, 1n)
})

test('a reader that comes back with its cursor acknowledges what it had', async () => {
  const { messages, mailboxes } = stores()
  const [alice, bob] = await Promise.all([person(), person()])
  const [first, second] = [message(alice, [bob]), message(alice, [bob])]
  await messages.accept(first)
  await messages.accept(second)

  const attachment = await mailboxes.attach(bob.deviceId, randomUUID(), 1n)

  assert.equal(attachment?.ackedSeq, 1n)
  assert.equal(attachment?.latestSeq, 2n)
  assert.equal(attachment?.expired, 0)
  assert.deepEqual(
    attachment?.acked.map(({ messageId }) => messageId),
    [first.messageId],
  )
  const outcomes = await messages.findOutcomes(references(alice, first, second))
  assert.deepEqual(
    new Map(outcomes.map(({ messageId, deliveries }) => [messageId, deliveries[0]?.state])),
    new Map([
      [first.messageId, 'DELIVERED'],
      [second.messageId, 'STORED'],
    ]),
  )
})

test('an acknowledgement that comes after the time calls the message expired, though nobody swept', async () => {
  const { messages, mailboxes } = stores()
  const [alice, bob] = await Promise.all([person(), person()])
  const [late, living] = [message(alice, [bob]), message(alice, [bob])]
  const attachmentId = randomUUID()
  await messages.accept(late)
  await mailboxes.attach(bob.deviceId, attachmentId, null)
  await database.pool.query(
    "UPDATE msg_store SET expires_at = clock_timestamp() - interval '1 millisecond' WHERE message_id = $1",
    [late.messageId],
  )
  await messages.accept(living)

  const moved = await mailboxes.acknowledgeUnseen(bob.deviceId, attachmentId, 2n)

  assert.deepEqual(
    moved?.acked.map(({ expired }) => expired),
    [true, false],
  )
  const outcomes = await messages.findOutcomes(references(alice, late, living))
  assert.deepEqual(
    new Map(outcomes.map(({ messageId, deliveries }) => [messageId, deliveries[0]?.state])),
    new Map([
      [late.messageId, 'EXPIRED'],
      [living.messageId, 'DELIVERED'],
    ]),
  )
  const box = await database.pool.query(
    'SELECT stored_count, stored_bytes FROM mailboxes WHERE device_id = $1',
    [bob.deviceId],
  )
  assert.deepEqual(box.rows[0], { stored_count: 0, stored_bytes: 0 })
})

test('a cursor from before the database was restored acknowledges nothing', async () => {
  const { messages, mailboxes } = stores()
  const [alice, bob] = await Promise.all([person(), person()])
  const sent = message(alice, [bob])
  await messages.accept(sent)

  const attachment = await mailboxes.attach(bob.deviceId, randomUUID(), 40n)

  assert.equal(attachment?.ackedSeq, 0n)
  assert.equal((await messages.read([{ deviceId: bob.deviceId, after: 0n, max: 10 }])).length, 1)
})
