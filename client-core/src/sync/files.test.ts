import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ChatClient } from '../chat-client.ts'
import { ChatError, networkError } from '../errors.ts'
import { until } from '../testing/fake-clock.ts'
import { installed, installedTwice, newWorld, reopened, startClient } from '../testing/people.ts'
import { maxFileBytes } from './file-limits.ts'
import type { FileMessage } from './message-view.ts'

const threeChunks = filled(2 * 65_536 + 100)
const picture = { name: 'map.png', type: 'image/png', caption: 'Here.', width: 640, height: 480 }

test('a file arrives as it was sent, with what its sender said of it', async () => {
  const world = newWorld()
  const alice = await startClient(world, 'alice')
  const bob = await startClient(world, 'bob')

  const sent = await alice.sendFile('bob', { data: threeChunks, ...picture })
  const arrived = await readyFile(world, bob, 'alice')

  const { id: _id, ...facts } = arrived.file
  assert.deepEqual(facts, { ...picture, size: threeChunks.length, state: 'ready' })
  assert.deepEqual(await bob.readFile(arrived.id), threeChunks)
  assert.deepEqual(await alice.readFile(sent.id), threeChunks)
})

test('the sender sees the upload go on and then the message, the receiver sees the file come', async () => {
  const world = newWorld()
  const alice = await startClient(world, 'alice')
  const bob = await startClient(world, 'bob')
  const states: string[] = []
  const [up, down]: [number[], number[]] = [[], []]
  const stages: string[] = []
  alice.on('delivery', ({ state }) => states.push(state.kind))
  alice.on('transfer', ({ done }) => up.push(done))
  bob.on('transfer', ({ done }) => down.push(done))
  bob.on('file', ({ file }) => stages.push(file.state))

  await alice.sendFile('bob', { data: threeChunks, ...picture })
  await until(world.clock, 'it is delivered', () => states.at(-1) === 'delivered')
  await readyFile(world, bob, 'alice')

  assert.deepEqual(
    [...new Set(states)],
    ['uploading', 'encrypting', 'sending', 'stored', 'delivered'],
  )
  for (const steps of [up, down]) {
    assert.deepEqual(
      steps,
      steps.toSorted((one, other) => one - other),
    )
    assert.deepEqual([steps[0], steps.at(-1)], [0, threeChunks.length])
  }
  assert.deepEqual(stages, ['downloading', 'ready'])
})

test('an upload that is cut off goes on with what is missing, on another server', async () => {
  const world = newWorld()
  const alice = await startClient(world, 'alice')
  const bob = await startClient(world, 'bob')
  const data = filled(20 * 65_536)
  const { files } = world.service
  const stop = alice.on('transfer', ({ done }) => {
    if (done < 5 * 65_536) return
    stop()
    world.service.kill('1')
  })

  await alice.sendFile('bob', { data, ...picture })
  const arrived = await readyFile(world, bob, 'alice')

  assert.deepEqual(await bob.readFile(arrived.id), data)
  assert.ok(files.uploaded.length >= 20 && files.uploaded.length < 27, `${files.uploaded.length}`)
})

test('an upload that was begun before a restart goes on after it', async () => {
  const world = newWorld()
  const disk = await installed(world, 'alice')
  const bob = await startClient(world, 'bob')
  const before = await reopened(world, disk)
  const data = filled(20 * 65_536)
  const { promise: hasBegun, resolve: begin } = Promise.withResolvers<void>()
  before.on('transfer', ({ done }) => done > 3 * 65_536 && begin())
  const { id } = await before.sendFile('bob', { data, ...picture })
  await hasBegun
  await before.close()

  const after = await reopened(world, disk)
  const arrived = await readyFile(world, bob, 'alice')

  assert.equal(arrived.id, id)
  assert.deepEqual(await bob.readFile(id), data)
  assert.deepEqual(await after.readFile(id), data)
  assert.ok(world.service.files.uploaded.length < 30)
})

test('a download that is cut off goes on with what is missing, also after a restart', async () => {
  const world = newWorld()
  const alice = await startClient(world, 'alice')
  const disk = await installed(world, 'bob')
  const before = await reopened(world, disk)
  const data = filled(20 * 65_536)
  const { promise: hasBegun, resolve: begin } = Promise.withResolvers<void>()
  before.on('transfer', ({ done }) => done > 3 * 65_536 && begin())
  await alice.sendFile('bob', { data, ...picture })
  await until(world.clock, 'some of it came', () => world.service.files.fetched.length > 5)
  await hasBegun
  await before.close()
  const already = world.service.files.fetched.length

  const after = await reopened(world, disk)
  const arrived = await readyFile(world, after, 'alice')

  assert.deepEqual(await after.readFile(arrived.id), data)
  assert.ok(already < 20, 'the restart was in the middle')
  assert.ok(world.service.files.fetched.length < 30)
})

test('RATE_LIMITED waits and goes on, in both directions', async () => {
  const world = newWorld()
  const alice = await startClient(world, 'alice')
  const bob = await startClient(world, 'bob')
  const error = new ChatError('RATE_LIMITED', 'Wait.', { retryAfterMs: 3_000 })
  for (const operation of ['startUpload', 'uploadChunk', 'fileChunk'] as const) {
    world.service.breakNext(operation, { kind: 'refuse', error })
  }
  const startedMs = world.clock.monotonicMs()

  await alice.sendFile('bob', { data: threeChunks, ...picture })
  const arrived = await readyFile(world, bob, 'alice')

  assert.deepEqual(await bob.readFile(arrived.id), threeChunks)
  assert.ok(world.clock.monotonicMs() - startedMs >= 9_000)
})

test('answers that get lost change nothing', async () => {
  const world = newWorld()
  const alice = await startClient(world, 'alice')
  const bob = await startClient(world, 'bob')
  for (const operation of ['startUpload', 'uploadChunk', 'sendMessage', 'fileChunk'] as const) {
    world.service.breakNext(operation, { kind: 'lose-answer' })
    world.service.breakNext(operation, { kind: 'refuse', error: networkError() })
  }

  const { id } = await alice.sendFile('bob', { data: threeChunks, ...picture })
  const arrived = await readyFile(world, bob, 'alice')

  assert.equal(arrived.id, id)
  assert.deepEqual(await bob.readFile(id), threeChunks)
  assert.equal((await bob.history('alice')).length, 1)
})

test('an upload that expired before its message was sent begins again', async () => {
  const world = newWorld()
  const alice = await startClient(world, 'alice')
  const bob = await startClient(world, 'bob')
  const { files } = world.service
  let isForgotten = false
  alice.on('delivery', ({ state }) => {
    if (state.kind !== 'encrypting' || isForgotten) return
    isForgotten = true
    for (const id of files.fileIds) files.forget(id)
  })

  await alice.sendFile('bob', { data: threeChunks, ...picture })
  const arrived = await readyFile(world, bob, 'alice')

  assert.deepEqual(await bob.readFile(arrived.id), threeChunks)
  assert.equal(files.uploaded.length, 6)
})

test('a file that nobody fetched in time is called expired, and its message stays', async () => {
  const world = newWorld()
  const alice = await startClient(world, 'alice')
  const disk = await installed(world, 'bob')
  const before = await reopened(world, disk)
  world.service.files.unsafeLie(() => {
    throw networkError()
  })
  await alice.sendFile('bob', { data: threeChunks, ...picture })
  await until(
    world.clock,
    'the message came',
    async () => (await fileOf(before, 'alice')) !== undefined,
  )
  await before.close()
  await world.clock.advance(130_000)
  world.service.files.unsafeLie()

  const after = await reopened(world, disk)
  await until(world.clock, 'it is called expired', async () => {
    return (await fileOf(after, 'alice'))?.file.state === 'expired'
  })

  const { id } = (await fileOf(after, 'alice')) ?? { id: '' }
  await assert.rejects(after.readFile(id), { code: 'NOT_FOUND', message: /expired/ })
})

test('a server that fails all the time ends a download when the file must be gone', async () => {
  const world = newWorld()
  const alice = await startClient(world, 'alice')
  const bob = await startClient(world, 'bob')
  world.service.files.unsafeLie(() => {
    throw new ChatError('INTERNAL', 'A defect.')
  })

  await alice.sendFile('bob', { data: threeChunks, ...picture })
  await until(world.clock, 'it has come', async () => (await fileOf(bob, 'alice')) !== undefined)
  await world.clock.advance(300_000)

  await until(world.clock, 'it is called expired', async () => {
    return (await fileOf(bob, 'alice'))?.file.state === 'expired'
  })
})

test('every device of both people gets the file', async () => {
  const world = newWorld()
  const alice = await startClient(world, 'alice')
  const [phone, laptop] = await installedTwice(world, 'bob')
  const [sending, other] = [await reopened(world, phone), await reopened(world, laptop)]

  await sending.sendFile('alice', { data: threeChunks, ...picture })
  const [there, here] = [
    await readyFile(world, alice, 'bob'),
    await readyFile(world, other, 'alice'),
  ]

  assert.deepEqual(await alice.readFile(there.id), threeChunks)
  assert.deepEqual(await other.readFile(here.id), threeChunks)
  assert.ok(here.isMine)
})

test('texts and files of a conversation arrive in the order in which they were sent', async () => {
  const world = newWorld()
  const alice = await startClient(world, 'alice')
  const bob = await startClient(world, 'bob')

  await alice.send('bob', { text: 'before' })
  await alice.sendFile('bob', { data: threeChunks, ...picture })
  await alice.send('bob', { text: 'after' })
  await until(world.clock, 'all came', async () => (await bob.history('alice')).length === 3)

  const kinds = (await bob.history('alice')).map(({ kind }) => kind)
  assert.deepEqual(kinds, ['text', 'file', 'text'])
})

test('an expired file can be sent again, under another id and key', async () => {
  const world = newWorld()
  const alice = await startClient(world, 'alice')
  const disk = await installed(world, 'bob')
  const { id } = await alice.sendFile('bob', { data: threeChunks, ...picture })
  await until(world.clock, 'it is stored', () => world.service.sent.length === 1)
  await world.clock.advance(140_000)
  await until(world.clock, 'it has expired', async () => {
    const message = await fileOf(alice, 'bob')
    return message?.state?.kind === 'expired'
  })
  const bob = await reopened(world, disk)

  const renewed = await alice.sendAgain(id)
  const arrived = await readyFile(world, bob, 'alice')

  const [first, second] = world.service.sent
  assert.notEqual(first?.fileId, second?.fileId)
  assert.deepEqual(await bob.readFile(arrived.id), threeChunks)
  assert.deepEqual(await alice.readFile(renewed.id), threeChunks)
  await assert.rejects(alice.readFile(id), { code: 'NOT_FOUND' })
})

test('a file for nobody is refused before any of it leaves', async () => {
  const world = newWorld()
  const alice = await startClient(world, 'alice')

  const { id } = await alice.sendFile('nobody', { data: threeChunks, ...picture })
  const settled = alice.settled(id)
  await until(world.clock, 'it failed', async () => {
    return (await fileOf(alice, 'nobody'))?.state?.kind === 'failed'
  })

  assert.deepEqual(await settled, { kind: 'failed', reason: 'NOT_FOUND' })
  assert.deepEqual(world.service.files.fileIds, [])
})

test('an empty, a too large and a nameless file are refused before they are kept', async () => {
  const world = newWorld()
  const alice = await startClient(world, 'alice')
  const send = (fields: object) =>
    alice.sendFile('bob', { data: filled(10), ...picture, ...fields })

  await assert.rejects(send({ data: new Uint8Array(0) }), { code: 'BAD_USER_INPUT' })
  await assert.rejects(send({ data: new Uint8Array(maxFileBytes + 1) }), {
    code: 'PAYLOAD_TOO_LARGE',
    details: { limit: 10_485_760 },
    message: /10 MiB/,
  })
  await assert.rejects(send({ name: '' }), { code: 'BAD_USER_INPUT' })
  await assert.rejects(send({ name: 'x'.repeat(256) }), { code: 'BAD_USER_INPUT' })
  await assert.rejects(send({ type: 'x'.repeat(128) }), { code: 'BAD_USER_INPUT' })
  await assert.rejects(send({ width: -1 }), { code: 'BAD_USER_INPUT' })
  await assert.rejects(send({ caption: 'x'.repeat(9_000) }), { code: 'PAYLOAD_TOO_LARGE' })
  await assert.rejects(alice.sendFile('alice', { data: filled(10), ...picture }), {
    code: 'BAD_USER_INPUT',
  })

  assert.deepEqual(await alice.conversations(), [])
})

test('the largest file there may be arrives', async () => {
  const world = newWorld()
  const alice = await startClient(world, 'alice')
  const bob = await startClient(world, 'bob')
  const data = filled(maxFileBytes)

  await alice.sendFile('bob', { data, ...picture })
  const arrived = await readyFile(world, bob, 'alice')

  assert.deepEqual(await bob.readFile(arrived.id), data)
  assert.equal(world.service.files.uploaded.length, 160)
})

test('bytes that a caller changes afterwards do not change what is sent', async () => {
  const world = newWorld()
  const alice = await startClient(world, 'alice')
  const bob = await startClient(world, 'bob')
  const data = filled(500)

  const sending = alice.sendFile('bob', { data, ...picture })
  data.fill(0)
  await sending
  const arrived = await readyFile(world, bob, 'alice')

  assert.deepEqual(await bob.readFile(arrived.id), filled(500))
})

async function fileOf(client: ChatClient, who: string): Promise<FileMessage | undefined> {
  return (await client.history(who)).find((message) => message.kind === 'file')
}

async function readyFile(
  world: ReturnType<typeof newWorld>,
  client: ChatClient,
  who: string,
): Promise<FileMessage> {
  await until(world.clock, 'the file is ready', async () => {
    return (await fileOf(client, who))?.file.state === 'ready'
  })
  const found = await fileOf(client, who)
  assert.ok(found)
  return found
}

function filled(size: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: size }, (_, index) => index % 251)
}
