import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ChatError } from '../errors.ts'
import { until } from '../testing/fake-clock.ts'
import { settledOf } from '../testing/groups.ts'
import { newWorld, startClient, textOf, texts } from '../testing/people.ts'

test('two people who write at once see one order', async () => {
  const world = newWorld()
  const alice = await startClient(world, 'alice')
  const bob = await startClient(world, 'bob')
  const rounds = [1, 2, 3, 4, 5]

  for (const round of rounds) {
    await Promise.all([
      alice.send('bob', { text: `a${round}` }),
      bob.send('alice', { text: `b${round}` }),
    ])
  }
  for (const client of [alice, bob]) {
    const who = client === alice ? 'bob' : 'alice'
    await until(world.clock, 'all is there and accepted', async () => {
      const messages = await client.history(who)
      const isOver = messages.every((one) => !('state' in one) || one.state?.kind === 'delivered')
      return messages.length === 2 * rounds.length && isOver
    })
  }

  const [hers, his] = [await texts(alice, 'bob'), await texts(bob, 'alice')]
  assert.deepEqual(hers, his)
})

test('what waits to be sent stands at the end, and moves to its place when it is accepted', async () => {
  const world = newWorld()
  const alice = await startClient(world, 'alice')
  const bob = await startClient(world, 'bob')
  await Promise.all([alice.connected(), bob.connected()])
  await alice.send('bob', { text: 'first' })
  await until(world.clock, 'it came', async () => (await texts(bob, 'alice')).length === 1)
  const places: string[] = []
  alice.on('delivery', ({ position }) => places.push(position))
  world.service.breakNext('sendMessage', {
    kind: 'refuse',
    error: new ChatError('RATE_LIMITED', 'Wait.', { retryAfterMs: 1000 }),
  })

  const waiting = await alice.send('bob', { text: 'waiting' })
  await bob.send('alice', { text: 'meanwhile' })
  await until(world.clock, 'it came', async () => (await texts(alice, 'bob')).length === 3)
  assert.deepEqual(await texts(alice, 'bob'), ['first', 'meanwhile', 'waiting'])
  await settledOf(world, alice, waiting.id)

  const now = (await alice.history('bob')).at(-1)
  assert.equal(now?.id, waiting.id)
  assert.equal(places.at(-1), now?.position)
  assert.notEqual(now?.position, waiting.position)
  await until(world.clock, 'bob has it', async () => (await texts(bob, 'alice')).length === 3)
  assert.deepEqual(await texts(bob, 'alice'), ['first', 'meanwhile', 'waiting'])
})

test('a message that was refused for good stays where that happened', async () => {
  const world = newWorld()
  const alice = await startClient(world, 'alice')
  const bob = await startClient(world, 'bob')
  await Promise.all([alice.connected(), bob.connected()])
  world.service.breakNext('sendMessage', {
    kind: 'refuse',
    error: new ChatError('PAYLOAD_TOO_LARGE', 'Shorten it.'),
  })

  const { id } = await alice.send('bob', { text: 'refused' })
  await settledOf(world, alice, id)
  await bob.send('alice', { text: 'later' })
  await until(world.clock, 'it came', async () => (await texts(alice, 'bob')).length === 2)

  assert.deepEqual((await alice.history('bob')).map(textOf), ['refused', 'later'])
})
