import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { createTestDatabase, type TestDatabase } from '../../../tests/support/database.ts'
import type { Acceptance } from './accept-messages.ts'
import { type Database, openDatabase } from './database.ts'
import { createExpiryStore } from './expiry.ts'
import { createMailboxStore } from './mailboxes.ts'
import { createMessageStore } from './messages.ts'

let testDatabase: TestDatabase
let database: Database

before(async () => {
  testDatabase = await createTestDatabase()
  database = openDatabase({ url: testDatabase.url, poolSize: 12, onError: () => {} })
})

after(async () => {
  await database.close()
  await testDatabase.drop()
})

const quota = { messages: 1000, bytes: 32 * 1024 * 1024 }
const stores = (messageTtlMs = 120_000, limits = quota) => ({
  messages: createMessageStore(database, { messageTtlMs, quota: limits }),
  mailboxes: createMailboxStore(database),
  expiry: createExpiryStore(database, { messageTtlMs, quota: limits }),
})

/** An account with one device and its mailbox; keys are random, since the store looks at none. */
async function person(version = 1) {
  const [clientId, deviceId] = [randomUUID(), randomUUID()]
  const username = `p${clientId.slice(0, 8)}`
  await database.pool.query(
    `INSERT INTO clients (id, username, username_skeleton, identity_key, opaque_record, vault, vault_version, device_list, device_list_signature, device_list_version)
    VALUES ($1, $2, $2, $3, 'record', '\\x01', 1, '\\x01', $4, $5)`,
    [clientId, username, randomBytes(32), randomBytes(64), version],
  )
  await database.pool.query(
    `INSERT INTO devices (id, client_id, name, encryption_key, signing_key, added_in) VALUES ($1, $2, 'laptop', $3, $4, 1)`,
    [deviceId, clientId, randomBytes(422), randomBytes(32)],
  )
  await database.pool.query('INSERT INTO mailboxes (device_id) VALUES ($1)', [deviceId])
  return { clientId, deviceId, version }
}

type Person = Awaited<ReturnType<typeof person>>

const message = (from: Person, to: readonly Person[], envelope: Uint8Array = randomBytes(700)) => ({
  senderDeviceId: from.deviceId,
  senderServer: 1,
  messageId: randomUUID(),
  requestHash: randomBytes(32),
  envelope,
  deviceLists: to.map(({ clientId, version }) => ({ clientId, version })),
  keys: to.map(({ deviceId }) => ({ deviceId, wrappedKey: randomBytes(384) })),
})

const references = ({ deviceId }: Person, ...sent: readonly { readonly messageId: string }[]) =>
  sent.map(({ messageId }) => ({ senderDeviceId: deviceId, messageId }))

function assertAccepted(acceptance: Acceptance) {
  assert.equal(acceptance.kind, 'accepted')
  return acceptance as Extract<Acceptance, { kind: 'accepted' }>
}

test('what was accepted is read back in order, byte for byte', async () => {
  const { messages } = stores()
  const [alice, bob] = await Promise.all([person(), person()])
  const sent = [message(alice, [bob]), message(alice, [bob]), message(alice, [bob])]

  for (const one of sent) assertAccepted(await messages.accept(one))

  const read = await messages.read([{ deviceId: bob.deviceId, after: 0n, max: 10 }])
  assert.deepEqual(
    read.map(({ seq, messageId }) => ({ seq, messageId })),
    sent.map(({ messageId }, index) => ({ seq: BigInt(index + 1), messageId })),
  )
  for (const [index, one] of read.entries()) {
    assert.deepEqual(one.envelope, Buffer.from(sent[index]?.envelope ?? []))
    assert.deepEqual(one.wrappedKey, Buffer.from(sent[index]?.keys[0]?.wrappedKey ?? []))
  }
  assert.equal((await messages.read([{ deviceId: bob.deviceId, after: 2n, max: 10 }])).length, 1)
  assert.equal((await messages.read([{ deviceId: bob.deviceId, after: 0n, max: 2 }])).length, 2)
})

test('a body is stored once, however many devices it is for', async () => {
  const { messages } = stores()
  const people = await Promise.all([person(), person(), person()])
  const alice = await person()

  const accepted = assertAccepted(await messages.accept(message(alice, people)))

  assert.deepEqual(
    accepted.deliveries.map(({ seq }) => seq),
    [1n, 1n, 1n],
  )
  const bodies = await database.pool.query('SELECT 1 FROM msg_bodies WHERE sender_device_id = $1', [
    alice.deviceId,
  ])
  assert.equal(bodies.rowCount, 1)
})

test('a repeated send gets the first answer and stores nothing again', async () => {
  const { messages } = stores()
  const [alice, bob] = await Promise.all([person(), person()])
  const sent = message(alice, [bob])

  const first = assertAccepted(await messages.accept(sent))
  const second = assertAccepted(await messages.accept(sent))
  const atOnce = await Promise.all([
    messages.accept(sent),
    messages.accept(sent),
    stores().messages.accept(sent),
  ])

  assert.equal(second.repeated, true)
  for (const again of [second, ...atOnce.map(assertAccepted)]) {
    assert.deepEqual(again.acceptedAt, first.acceptedAt)
    assert.deepEqual(
      again.deliveries.map(({ seq }) => seq),
      [1n],
    )
  }
  assert.equal((await messages.read([{ deviceId: bob.deviceId, after: 0n, max: 10 }])).length, 1)
})

test('the same new id sent to several servers at the same moment is accepted once', async () => {
  const [alice, bob] = await Promise.all([person(), person()])
  const sent = message(alice, [bob])
  const servers = Array.from({ length: 5 }, () => stores().messages)

  const answers = await Promise.all(servers.map((server) => server.accept(sent)))

  assert.equal(answers.map(assertAccepted).filter(({ repeated }) => !repeated).length, 1)
  const read = await stores().messages.read([{ deviceId: bob.deviceId, after: 0n, max: 10 }])
  assert.equal(read.length, 1)
})

test('the same id with another body is a conflict', async () => {
  const { messages } = stores()
  const [alice, bob] = await Promise.all([person(), person()])
  const sent = message(alice, [bob])
  await messages.accept(sent)

  const other = await messages.accept({ ...sent, requestHash: randomBytes(32) })

  assert.deepEqual(other, { kind: 'conflict' })
})

test('a message sealed for an old device list is refused and stored nowhere', async () => {
  const { messages } = stores()
  const [alice, bob] = await Promise.all([person(), person(3)])

  const answer = await messages.accept(message(alice, [{ ...bob, version: 2 }]))

  assert.deepEqual(answer, { kind: 'stale', clientId: bob.clientId, currentVersion: 3 })
  assert.equal((await messages.read([{ deviceId: bob.deviceId, after: 0n, max: 10 }])).length, 0)
})

test('a full mailbox refuses the message, and the other recipients still get theirs', async () => {
  const { messages, mailboxes } = stores(120_000, { messages: 2, bytes: 1_000_000 })
  const [alice, bob, carol] = await Promise.all([person(), person(), person()])
  await Promise.all([
    messages.accept(message(alice, [bob])),
    messages.accept(message(alice, [bob])),
  ])

  const alone = await messages.accept(message(alice, [bob]))
  const both = assertAccepted(await messages.accept(message(alice, [bob, carol])))

  assert.deepEqual(alone, { kind: 'full', deviceIds: [bob.deviceId] })
  assert.deepEqual(
    new Map(both.deliveries.map(({ deviceId, seq }) => [deviceId, seq])),
    new Map([
      [bob.deviceId, 0n],
      [carol.deviceId, 1n],
    ]),
  )
  const attachment = randomUUID()
  await mailboxes.attach(bob.deviceId, attachment, 2n)
  assertAccepted(await messages.accept(message(alice, [bob])))
})

test('eight writers to one mailbox: a reader by cursor skips nothing', async () => {
  const [bob, ...writers] = await Promise.all(Array.from({ length: 9 }, () => person()))
  assert.ok(bob)
  const each = 60
  const { messages: reader } = stores()
  const seen: bigint[] = []
  let writing = true
  const reading = (async () => {
    for (;;) {
      const last = !writing
      const read = await reader.read([
        { deviceId: bob.deviceId, after: seen.at(-1) ?? 0n, max: 64 },
      ])
      seen.push(...read.map(({ seq }) => seq))
      if (last && read.length === 0) return
    }
  })()

  await Promise.all(
    writers.map(async (writer) => {
      const { messages } = stores()
      for (let index = 0; index < each; index += 1)
        assertAccepted(await messages.accept(message(writer, [bob])))
    }),
  )
  writing = false
  await reading

  assert.deepEqual(
    seen,
    Array.from({ length: 8 * each }, (_, index) => BigInt(index + 1)),
  )
})

test('batches for the same mailboxes in another order do not deadlock', async () => {
  const people = await Promise.all(Array.from({ length: 6 }, () => person()))
  const alice = await person()
  const servers = [stores().messages, stores().messages, stores().messages]

  await Promise.all(
    servers.flatMap((server, index) =>
      Array.from({ length: 20 }, () =>
        server
          .accept(message(alice, index % 2 === 0 ? people : people.toReversed()))
          .then(assertAccepted),
      ),
    ),
  )
})

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
    attachment?.delivered.map(({ messageId }) => messageId),
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

test('what a device did not send has no outcome for it', async () => {
  const { messages } = stores()
  const [alice, bob, mallory] = await Promise.all([person(), person(), person()])
  const sent = message(alice, [bob])
  await messages.accept(sent)

  assert.deepEqual(await messages.findOutcomes(references(mallory, sent)), [])
})

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

test('a sweep that is on time finds what expired since the last one, in its slot', async () => {
  const { messages, expiry } = stores()
  const [alice, bob] = await Promise.all([person(), person()])
  const sent = message(alice, [bob])
  await messages.accept(sent)
  await letTimePass(123_000)
  await database.pool.query('UPDATE msg_store SET slot = msg_slot(accepted_at, 120000)')
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

  assert.deepEqual(sweep, { expired: [], truncated: [] })
  assert.equal((await messages.read([{ deviceId: bob.deviceId, after: 0n, max: 10 }])).length, 1)
})
