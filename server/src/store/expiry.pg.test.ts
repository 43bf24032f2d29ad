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

/** Moves everything that is stored into the past, so that no test waits. */
async function letTimePass(ms: number) {
  await database.pool.query(
    `UPDATE msg_store SET accepted_at = accepted_at - make_interval(secs => $1::float8 / 1000), expires_at = expires_at - make_interval(secs => $1::float8 / 1000)`,
    [ms],
  )
  await database.pool.query(
    "UPDATE sweeper SET swept_until = '-infinity', last_run_at = '-infinity'",
  )
}

test('after its time a message is never read again, its sender can learn it, and the slots are empty', async () => {
  const { messages, mailboxes, expiry } = stores()
  const [alice, bob, carol] = await Promise.all([person(), person(), person()])
  const sent = message(alice, [bob, carol])
  await messages.accept(sent)
  const attachmentId = randomUUID()
  await mailboxes.attach(carol.deviceId, attachmentId, null)
  await mailboxes.acknowledge({
    deviceId: carol.deviceId,
    attachmentId,
    upTo: 1n,
    count: 1,
    bytes: 0,
  })

  await letTimePass(121_000)
  assert.deepEqual(await messages.read([{ deviceId: bob.deviceId, after: 0n, max: 10 }]), [])
  await letTimePass(2_000)
  const sweep = await expiry.sweep(1000)

  assert.deepEqual(
    sweep?.expired
      .filter(({ messageId }) => messageId === sent.messageId)
      .map(({ deviceId }) => deviceId),
    [bob.deviceId],
  )
  const [outcome] = await messages.findOutcomes(references(alice, sent))
  assert.deepEqual(
    new Map(outcome?.deliveries.map(({ deviceId, state }) => [deviceId, state])),
    new Map([
      [bob.deviceId, 'EXPIRED'],
      [carol.deviceId, 'DELIVERED'],
    ]),
  )
  const left = await database.pool.query(
    'SELECT (SELECT count(*) FROM msg_store) + (SELECT count(*) FROM msg_bodies) AS rows',
  )
  assert.equal(Number(left.rows[0].rows), 0)
  const box = await database.pool.query(
    'SELECT stored_count, stored_bytes FROM mailboxes WHERE device_id = $1',
    [bob.deviceId],
  )
  assert.deepEqual(box.rows[0], { stored_count: 0, stored_bytes: 0 })
  const attachment = await mailboxes.attach(bob.deviceId, randomUUID(), null)
  assert.equal(attachment?.expired, 1)
})

test('a sweep finds what expired since the last one', async () => {
  const { messages, expiry } = stores()
  const [alice, bob] = await Promise.all([person(), person()])
  const sent = message(alice, [bob])
  await messages.accept(sent)
  await letTimePass(123_000)
  await database.pool.query(
    "UPDATE sweeper SET swept_until = clock_timestamp() - interval '20 seconds'",
  )

  const sweep = await expiry.sweep(1000)

  assert.deepEqual(
    sweep?.expired.map(({ messageId }) => messageId),
    [sent.messageId],
  )
})

test('an acknowledgement after the sweep does not turn EXPIRED into DELIVERED', async () => {
  const { messages, mailboxes, expiry } = stores()
  const [alice, bob] = await Promise.all([person(), person()])
  const sent = message(alice, [bob])
  const attachmentId = randomUUID()
  await messages.accept(sent)
  await mailboxes.attach(bob.deviceId, attachmentId, null)

  await letTimePass(123_000)
  await expiry.sweep(1000)
  const late = await mailboxes.acknowledge({
    deviceId: bob.deviceId,
    attachmentId,
    upTo: 1n,
    count: 1,
    bytes: 1000,
  })

  assert.equal(late?.ackedSeq, 1n)
  const [outcome] = await messages.findOutcomes(references(alice, sent))
  assert.equal(outcome?.deliveries[0]?.state, 'EXPIRED')
})

test('two servers that sweep at once share one sweep', async () => {
  const [first, second] = [stores().expiry, stores().expiry]
  await letTimePass(0)

  const sweeps = await Promise.all([first.sweep(60_000), second.sweep(60_000)])

  assert.equal(sweeps.filter((sweep) => sweep !== null).length, 1)
  assert.equal(await first.sweep(60_000), null)
})

test('a slot that holds a living message is not truncated', async () => {
  const { messages, expiry } = stores()
  const [alice, bob] = await Promise.all([person(), person()])
  await messages.accept(message(alice, [bob]))

  await letTimePass(60_000)
  const sweep = await expiry.sweep(1000)

  assert.deepEqual(sweep, { expired: [], truncated: [], truncatedFiles: [] })
  assert.equal((await messages.read([{ deviceId: bob.deviceId, after: 0n, max: 10 }])).length, 1)
})

test('what was sent is forgotten when it has served, and not before', async () => {
  const { messages, expiry } = stores()
  const [alice, bob] = await Promise.all([person(), person()])
  const [old, recent] = [message(alice, [bob]), message(alice, [bob])]
  await messages.accept(old)
  await messages.accept(recent)
  await database.pool.query(
    "UPDATE sent_messages SET accepted_at = accepted_at - interval '16 minutes' WHERE message_id = $1",
    [old.messageId],
  )

  await expiry.forget(15 * 60_000)

  const known = await messages.findOutcomes(references(alice, old, recent))
  assert.deepEqual(
    known.map(({ messageId }) => messageId),
    [recent.messageId],
  )
})
