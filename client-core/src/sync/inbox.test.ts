import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MessageArrived } from '../api/chat-api.ts'
import { networkError } from '../errors.ts'
import { until } from '../testing/fake-clock.ts'
import {
  installed,
  installedTwice,
  newWorld,
  reopened,
  startClient,
  textOf,
  texts,
  type World,
} from '../testing/people.ts'
import { unreadableConversation } from './timeline.ts'

test('a message that cannot be read is shown without a sender, and acknowledged once it is stored', async () => {
  const world = newWorld()
  const bob = await startClient(world, 'bob')

  deliver(world, bob.deviceId, { envelope: new Uint8Array(300) })
  await until(world.clock, 'it is acknowledged', () => world.service.acknowledged.length === 1)

  const [shown] = await bob.history(unreadableConversation)
  assert.equal(shown?.kind, 'unreadable')
  assert.ok(!('from' in (shown ?? {})))
})

test('a second copy of an unreadable message is not shown again', async () => {
  const world = newWorld()
  const bob = await startClient(world, 'bob')

  deliver(world, bob.deviceId, { envelope: new Uint8Array(300) })
  deliver(world, bob.deviceId, { envelope: new Uint8Array(300) })
  await until(world.clock, 'both are acknowledged', () => world.service.acknowledged.includes('2'))

  assert.equal((await bob.history(unreadableConversation)).length, 1)
})

test('nothing is acknowledged that could not be stored', async () => {
  const world = newWorld()
  const alice = await startClient(world, 'alice')
  const disk = await installed(world, 'bob')
  let isFull = false
  const storage = {
    ...disk.storage,
    commit: async (changes: Parameters<typeof disk.storage.commit>[0]) => {
      if (isFull) throw new Error('the disk is full')
      await disk.storage.commit(changes)
    },
  }
  const bob = await reopened(world, disk, { storage })
  await alice.send('bob', { text: 'one' })
  await until(world.clock, 'one is acknowledged', () => world.service.acknowledged.length === 1)
  isFull = true

  await alice.send('bob', { text: 'two' })
  await until(world.clock, 'bob stops', () => bob.connection.kind === 'stopped')

  assert.deepEqual(bob.connection, { kind: 'stopped', reason: 'storage-failed' })
  assert.deepEqual(world.service.acknowledged, ['1'])
  await bob.close()
  const again = await reopened(world, disk)
  await until(world.clock, 'two is there', async () => (await texts(again, 'alice')).length === 2)
})

test('a message that the server delivers twice is shown once', async () => {
  const world = newWorld()
  const alice = await startClient(world, 'alice')
  const bob = await startClient(world, 'bob')
  const heard: string[] = []
  bob.on('message', (message) => heard.push(textOf(message)))
  await alice.send('bob', { text: 'hello' })
  await until(world.clock, 'it came', () => world.service.acknowledged.length === 1)

  const [sent] = world.service.sent
  deliver(world, bob.deviceId, {
    clientMessageId: sent?.clientMessageId ?? '',
    senderDeviceId: alice.deviceId ?? '',
    envelope: sent?.envelope ?? new Uint8Array(0),
    wrappedKey: sent?.to[0]?.keys[0]?.wrappedKey ?? new Uint8Array(0),
  })
  await until(
    world.clock,
    'the replay is acknowledged',
    () => world.service.acknowledged.length === 2,
  )

  assert.deepEqual(heard, ['hello'])
  assert.deepEqual(await texts(bob, 'alice'), ['hello'])
})

test('a message under the name of another message is not believed', async () => {
  const world = newWorld()
  const alice = await startClient(world, 'alice')
  const bob = await startClient(world, 'bob')
  await alice.send('bob', { text: 'hello' })
  await until(world.clock, 'it came', () => world.service.acknowledged.length === 1)

  const [sent] = world.service.sent
  deliver(world, bob.deviceId, {
    clientMessageId: '01930000-0000-7000-8000-000000000001',
    senderDeviceId: alice.deviceId ?? '',
    envelope: sent?.envelope ?? new Uint8Array(0),
    wrappedKey: sent?.to[0]?.keys[0]?.wrappedKey ?? new Uint8Array(0),
  })
  await until(world.clock, 'it is acknowledged', () => world.service.acknowledged.length === 2)

  assert.deepEqual(await texts(bob, 'alice'), ['hello'])
  assert.equal((await bob.history(unreadableConversation)).length, 1)
})

test('a message that the server held back is missed by the one after it', async () => {
  const world = newWorld()
  const alice = await startClient(world, 'alice')
  const bob = await startClient(world, 'bob')
  await alice.send('bob', { text: 'one' })
  await until(world.clock, 'one came', () => world.service.acknowledged.length === 1)
  world.service.mailboxes.unsafeWithhold(bob.deviceId ?? '')

  await alice.send('bob', { text: 'two' })
  await until(world.clock, 'two is on the server', () => world.service.sent.length === 2)
  await alice.send('bob', { text: 'three' })
  await until(world.clock, 'three came', async () => (await texts(bob, 'alice')).length === 2)

  const marks = (await bob.history('alice')).map((m) => [
    textOf(m),
    'isMissingBefore' in m && m.isMissingBefore,
  ])
  assert.deepEqual(marks, [
    ['one', false],
    ['three', true],
  ])
})

test('a message is tried again, and not called unreadable, while its sender cannot be looked up', async () => {
  const world = newWorld()
  const alice = await startClient(world, 'alice')
  const disk = await installed(world, 'bob')
  await alice.send('bob', { text: 'hello' })
  await until(world.clock, 'it is on the server', () => world.service.sent.length === 1)
  world.service.breakNext('account', { kind: 'refuse', error: networkError() })
  world.service.breakNext('account', { kind: 'lose-answer' })

  const bob = await reopened(world, disk)
  await until(world.clock, 'it came', async () => (await texts(bob, 'alice')).length === 1)

  assert.deepEqual(await bob.history(unreadableConversation), [])
})

test('what comes after its time by the own clock is dropped and counted', async () => {
  const world = newWorld()
  const alice = await startClient(world, 'alice')
  const bob = await startClient(world, 'bob')
  let missed = 0
  bob.on('missed', ({ count }) => {
    missed += count
  })
  await until(world.clock, 'bob is connected', () => bob.connection.kind === 'live')

  deliver(world, bob.deviceId, { envelope: new Uint8Array(300), expiresAtMs: world.clock.nowMs() })
  await until(world.clock, 'it is counted', () => missed === 1)

  assert.deepEqual(await bob.history(unreadableConversation), [])
  await alice.close()
})

test('the other devices of the sender show the message as their own', async () => {
  const world = newWorld()
  const [phone, laptop] = await installedTwice(world, 'bob')
  const alice = await startClient(world, 'alice')
  const [sending, other] = [await reopened(world, phone), await reopened(world, laptop)]

  await sending.send('alice', { text: 'to alice' })
  await until(world.clock, 'both have it', async () => {
    const shown = [await texts(alice, 'bob'), await texts(other, 'alice')]
    return shown.every(([text]) => text === 'to alice')
  })

  const [mine] = await other.history('alice')
  assert.ok(mine?.kind === 'text')
  assert.deepEqual([mine.from, mine.peer, mine.isMine], ['bob', 'alice', true])
})

function deliver(
  { service, clock }: World,
  deviceId: string | undefined,
  fields: Partial<MessageArrived>,
): void {
  service.mailboxes.deliver(deviceId ?? '', {
    clientMessageId: '01930000-0000-7000-8000-000000000000',
    senderDeviceId: '5d5d6b15-fd84-4277-8a8d-ac889c78346b',
    envelope: new Uint8Array(300),
    wrappedKey: new Uint8Array(384),
    acceptedAtMs: clock.nowMs(),
    expiresAtMs: clock.nowMs() + 120_000,
    ...fields,
  })
}
