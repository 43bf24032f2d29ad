import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import { test } from 'node:test'
import {
  assertAccepted,
  database,
  message,
  person,
  references,
  stores,
  useDatabase,
} from '../testing/message-store.ts'

useDatabase()

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

test('what a device did not send has no outcome for it', async () => {
  const { messages } = stores()
  const [alice, bob, mallory] = await Promise.all([person(), person(), person()])
  const sent = message(alice, [bob])
  await messages.accept(sent)

  assert.deepEqual(await messages.findOutcomes(references(mallory, sent)), [])
})

test('a repeat is answered whatever list it names, and version 0 stores nothing that is new', async () => {
  const { messages } = stores()
  const [alice, bob] = await Promise.all([person(), person()])
  const sent = message(alice, [bob])
  await messages.accept(sent)
  const deviceLists = [{ clientId: alice.clientId, version: 0 }]

  const repeat = assertAccepted(await messages.accept({ ...sent, deviceLists }))
  const fresh = await messages.accept({ ...message(alice, [bob]), deviceLists })

  assert.equal(repeat.repeated, true)
  assert.equal(fresh.kind, 'stale')
  assert.equal((await messages.read([{ deviceId: bob.deviceId, after: 0n, max: 10 }])).length, 1)
})
