import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openChatClient } from './chat-client.ts'
import { memoryStorage } from './storage/memory-storage.ts'
import { memoryKeyStore } from './sync/key-store.ts'
import { until } from './testing/fake-clock.ts'
import { installed, newWorld, reopened, startClient, textOf, texts } from './testing/people.ts'

test('a second client on one storage is refused, and let in when the first has closed', async () => {
  const world = newWorld()
  const disk = await installed(world, 'alice')
  const first = await reopened(world, disk)

  await assert.rejects(reopened(world, disk), { code: 'STORAGE_LOCKED' })
  await first.close()

  assert.equal((await reopened(world, disk)).username, 'alice')
})

test('a loop over messages begins with what came since the client was opened', async () => {
  const world = newWorld()
  const alice = await startClient(world, 'alice')
  const bob = await startClient(world, 'bob')
  await alice.send('bob', { text: 'early' })
  await until(world.clock, 'it came', async () => (await texts(bob, 'alice')).length === 1)
  const heard: string[] = []

  const loop = (async () => {
    for await (const message of bob.messages()) heard.push(textOf(message))
  })()
  await alice.send('bob', { text: 'late' })
  await until(world.clock, 'both were heard', () => heard.length === 2)
  await bob.close()
  await loop

  assert.deepEqual(heard, ['early', 'late'])
})

test('every reader of messages sees every message', async () => {
  const world = newWorld()
  const alice = await startClient(world, 'alice')
  const bob = await startClient(world, 'bob')
  const [one, two] = [bob.messages(), bob.messages()]

  await alice.send('bob', { text: 'hello' })
  await until(world.clock, 'it came', async () => (await texts(bob, 'alice')).length === 1)

  const [first, second] = [await one.next(), await two.next()]
  assert.deepEqual(first.value, second.value)
})

test('history comes in pages, newest last, and each page ends where the next begins', async () => {
  const world = newWorld()
  const alice = await startClient(world, 'alice')
  for (const text of ['1', '2', '3', '4', '5']) await alice.send('bob', { text })

  const newest = await alice.history('bob', { limit: 2 })
  const before = newest[0]?.position ?? ''
  const older = await alice.history('bob', { limit: 2, before })

  assert.deepEqual(newest.map(textOf), ['4', '5'])
  assert.deepEqual(older.map(textOf), ['2', '3'])
})

test('conversations are listed by their newest message', async () => {
  const world = newWorld()
  const alice = await startClient(world, 'alice')

  await alice.send('bob', { text: 'first' })
  await world.clock.advance(1)
  await alice.send('carol', { text: 'second' })

  const peers = (await alice.conversations()).map(({ peer }) => peer)
  assert.deepEqual(peers, ['carol', 'bob'])
})

test('an empty, an endless and a lonely message are refused before they are kept', async () => {
  const world = newWorld()
  const alice = await startClient(world, 'alice')

  await assert.rejects(alice.send('bob', { text: '' }), { code: 'BAD_USER_INPUT' })
  await assert.rejects(alice.send('bob', { text: 'x'.repeat(40_000) }), {
    code: 'PAYLOAD_TOO_LARGE',
    details: { limit: 32_768 },
  })
  await assert.rejects(alice.send('Alice', { text: 'hello' }), { code: 'BAD_USER_INPUT' })
  await assert.rejects(alice.send('no one', { text: 'hello' }), { code: 'BAD_USER_INPUT' })

  assert.deepEqual(await alice.conversations(), [])
})

test('a message to nobody fails with that reason', async () => {
  const world = newWorld()
  const alice = await startClient(world, 'alice')

  const { id } = await alice.send('nobody', { text: 'hello?' })
  const settled = alice.settled(id)
  await until(world.clock, 'it is settled', async () => {
    const [message] = await alice.history('nobody')
    return message !== undefined && 'state' in message && message.state?.kind === 'failed'
  })

  assert.deepEqual(await settled, { kind: 'failed', reason: 'NOT_FOUND' })
})

test('both sides see the same safety number, and verifying lasts until the key changes', async () => {
  const world = newWorld()
  const disk = await installed(world, 'alice')
  const alice = await reopened(world, disk)
  const bob = await startClient(world, 'bob')
  await until(world.clock, 'both are connected', () => {
    return alice.connection.kind === 'live' && bob.connection.kind === 'live'
  })

  const [mine, theirs] = [await alice.safetyNumber('bob'), await bob.safetyNumber('alice')]
  await alice.verify('bob')
  await alice.close()
  const again = await reopened(world, disk)
  await until(world.clock, 'alice is connected', () => again.connection.kind === 'live')

  assert.equal(mine.digits, theirs.digits)
  assert.deepEqual(mine.qr, theirs.expectedQr)
  assert.equal((await again.lookUp('bob'))?.isVerified, true)
})

test('lookUp and search tell who is there and who is on-line', async () => {
  const world = newWorld()
  const alice = await startClient(world, 'alice')
  const bob = await startClient(world, 'bob')
  await until(world.clock, 'bob is connected', () => bob.connection.kind === 'live')

  assert.equal(await alice.lookUp('nobody'), null)
  assert.equal((await alice.lookUp('bob'))?.isOnline, true)
  await bob.close()
  assert.equal((await alice.lookUp('bob'))?.isOnline, false)
  assert.deepEqual(await alice.search('bo'), ['bob'])
})

test('connected resolves once a server is there, and rejects when the client closes first', async () => {
  const world = newWorld()
  const disk = await installed(world, 'alice')
  const alice = await reopened(world, disk)
  await alice.connected()
  await alice.close()
  world.service.kill('1')
  world.service.kill('2')

  const again = await reopened(world, disk)
  const waiting = again.connected()
  await again.close()

  await assert.rejects(waiting, { code: 'CLOSED' })
})

test('the servers can be seen by a client that nobody is signed in to', async () => {
  const world = newWorld()
  const client = await openChatClient({
    url: 'http://fake',
    storage: memoryStorage(),
    keys: memoryKeyStore(),
    api: world.service,
    clock: world.clock,
  })

  assert.deepEqual(
    (await client.servers()).map(({ id, rank }) => [id, rank]),
    [
      ['1', 1],
      ['2', 2],
    ],
  )
  await assert.rejects(client.send('bob', { text: 'hello' }), { code: 'NOT_SIGNED_IN' })
})

test('a closed client says so', async () => {
  const world = newWorld()
  const alice = await startClient(world, 'alice')

  await alice.close()
  await alice.close()

  await assert.rejects(alice.send('bob', { text: 'hello' }), { code: 'CLOSED' })
})
