import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ChatError, networkError } from '../errors.ts'
import { until } from '../testing/fake-clock.ts'
import { installed, newWorld, reopened, startClient, texts } from '../testing/people.ts'

test('a message is delivered and its sender learns it', async () => {
  const world = newWorld()
  const alice = await startClient(world, 'alice')
  const bob = await startClient(world, 'bob')
  const states: string[] = []
  alice.on('delivery', ({ state }) => states.push(state.kind))

  const { id } = await alice.send('bob', { text: 'hello' })
  await until(world.clock, 'the message is delivered', () => states.at(-1) === 'delivered')

  assert.deepEqual(states, ['encrypting', 'sending', 'stored', 'delivered'])
  assert.deepEqual(await alice.settled(id), { kind: 'delivered' })
  assert.deepEqual(await texts(bob, 'alice'), ['hello'])
})

test('after an unknown result the same bytes go again and arrive once', async () => {
  const world = newWorld()
  const alice = await startClient(world, 'alice')
  const bob = await startClient(world, 'bob')
  world.service.breakNext('sendMessage', { kind: 'lose-answer' })
  world.service.breakNext('sendMessage', { kind: 'refuse', error: networkError() })

  const { id } = await alice.send('bob', { text: 'once' })
  await until(
    world.clock,
    'it is delivered',
    async () => (await stateOf(alice, id)) === 'delivered',
  )

  const [first, second] = world.service.sent
  assert.equal(world.service.sent.length, 2)
  assert.equal(first?.clientMessageId, second?.clientMessageId)
  assert.deepEqual(first?.envelope, second?.envelope)
  assert.deepEqual(first?.to, second?.to)
  assert.deepEqual(await texts(bob, 'alice'), ['once'])
})

test('messages of a conversation arrive in the order in which they were sent, whatever fails', async () => {
  const world = newWorld()
  const alice = await startClient(world, 'alice')
  const bob = await startClient(world, 'bob')
  world.service.breakNext('sendMessage', { kind: 'refuse', error: networkError() })
  world.service.breakNext('sendMessage', { kind: 'lose-answer' })
  const written = ['one', 'two', 'three', 'four']

  for (const text of written) await alice.send('bob', { text })
  await until(world.clock, 'all four came', async () => (await texts(bob, 'alice')).length === 4)

  assert.deepEqual(await texts(bob, 'alice'), written)
  assert.ok(
    (await bob.history('alice')).every(
      (message) => 'isMissingBefore' in message && !message.isMissingBefore,
    ),
  )
})

test('a refusal for good fails the message, says why, and lets the next one go', async () => {
  const world = newWorld()
  const alice = await startClient(world, 'alice')
  const bob = await startClient(world, 'bob')
  const error = new ChatError('PAYLOAD_TOO_LARGE', 'Too large.')
  world.service.breakNext('sendMessage', { kind: 'refuse', error })

  const refused = await alice.send('bob', { text: 'refused' })
  const next = await alice.send('bob', { text: 'next' })
  await until(
    world.clock,
    'the next one is delivered',
    async () => (await stateOf(alice, next.id)) === 'delivered',
  )

  assert.deepEqual(await alice.settled(refused.id), { kind: 'failed', reason: 'PAYLOAD_TOO_LARGE' })
  const [only] = await bob.history('alice')
  assert.equal(only?.kind === 'text' && only.text, 'next')
  assert.equal(only?.kind === 'text' && only.isMissingBefore, false)
})

test('a refusal that a newer device list cures is cured, one that it does not fails', async () => {
  const world = newWorld()
  const alice = await startClient(world, 'alice')
  await startClient(world, 'bob')
  const error = new ChatError('BAD_USER_INPUT', 'Not one key for each device.')
  for (const _time of [1, 2, 3]) {
    world.service.breakNext('sendMessage', { kind: 'refuse', error })
  }

  const first = await alice.send('bob', { text: 'first' })
  const second = await alice.send('bob', { text: 'second' })
  await until(
    world.clock,
    'the second is delivered',
    async () => (await stateOf(alice, second.id)) === 'delivered',
  )

  assert.deepEqual(await alice.settled(first.id), { kind: 'failed', reason: 'BAD_USER_INPUT' })
})

test('a failed message can be sent again, as a new one at the end', async () => {
  const world = newWorld()
  const alice = await startClient(world, 'alice')
  const bob = await startClient(world, 'bob')
  const error = new ChatError('MAILBOX_FULL', 'Full.')
  world.service.breakNext('sendMessage', { kind: 'refuse', error })
  const failed = await alice.send('bob', { text: 'again' })
  await alice.settled(failed.id)

  const renewed = await alice.sendAgain(failed.id)
  await until(
    world.clock,
    'it is delivered',
    async () => (await stateOf(alice, renewed.id)) === 'delivered',
  )

  assert.deepEqual(await texts(alice, 'bob'), ['again'])
  assert.deepEqual(await texts(bob, 'alice'), ['again'])
  await assert.rejects(alice.sendAgain(renewed.id), { code: 'CONFLICT' })
})

test('a message that nobody fetched in time expires, and its sender is told soon after', async () => {
  const world = newWorld()
  const alice = await startClient(world, 'alice')
  const bob = await startClient(world, 'bob')
  await bob.close()
  const { id } = await alice.send('bob', { text: 'too late' })
  await until(world.clock, 'it is stored', async () => (await stateOf(alice, id)) === 'stored')

  await world.clock.advance(140_000)
  await until(world.clock, 'it has expired', async () => (await stateOf(alice, id)) === 'expired')

  assert.ok(world.clock.monotonicMs() < 145_000, 'within the grace after the expiry')
})

test('bytes that were accepted once count, also when their repeat is refused as stale', async () => {
  const world = newWorld()
  const alice = await startClient(world, 'alice')
  const bob = await startClient(world, 'bob')
  world.service.breakNext('sendMessage', { kind: 'lose-answer' })
  const stale = new ChatError('STALE_DEVICE_LIST', 'Stale.', { username: 'bob', currentVersion: 2 })
  world.service.breakNext('sendMessage', { kind: 'refuse', error: stale })

  const { id } = await alice.send('bob', { text: 'one' })
  const next = await alice.send('bob', { text: 'two' })
  await until(
    world.clock,
    'both are delivered',
    async () => (await stateOf(alice, next.id)) === 'delivered',
  )

  assert.deepEqual(await alice.settled(id), { kind: 'delivered' })
  assert.equal(world.service.sent.length, 2)
  const marks = (await bob.history('alice')).map((m) => 'isMissingBefore' in m && m.isMissingBefore)
  assert.deepEqual(marks, [false, false])
})

test('an outcome that no server knows any more is called unknown, not delivered', async () => {
  const world = newWorld()
  const alice = await startClient(world, 'alice')
  const bob = await startClient(world, 'bob')
  await bob.close()
  const { id } = await alice.send('bob', { text: 'long ago' })
  await until(world.clock, 'it is stored', async () => (await stateOf(alice, id)) === 'stored')
  world.service.mailboxes.forgetOutcomes()

  await world.clock.advance(135_000)
  await until(
    world.clock,
    'it is settled',
    async () => (await stateOf(alice, id)) === 'outcome-unknown',
  )
})

test('what was written without a network is sent after a restart', async () => {
  const world = newWorld()
  const alice = await installed(world, 'alice')
  const bob = await startClient(world, 'bob')
  world.service.kill('1')
  world.service.kill('2')
  const before = await reopened(world, alice)
  await before.send('bob', { text: 'written on a train' })
  await before.close()
  world.service.restart('1')

  const after = await reopened(world, alice)
  await until(world.clock, 'it arrives', async () => (await texts(bob, 'alice')).length === 1)

  assert.deepEqual(await texts(after, 'bob'), ['written on a train'])
})

test('RATE_LIMITED waits as long as it says and not less', async () => {
  const world = newWorld()
  const alice = await startClient(world, 'alice')
  await startClient(world, 'bob')
  const error = new ChatError('RATE_LIMITED', 'Wait.', { retryAfterMs: 5_000 })
  world.service.breakNext('sendMessage', { kind: 'refuse', error })
  const startedMs = world.clock.monotonicMs()

  const { id } = await alice.send('bob', { text: 'patience' })
  await until(
    world.clock,
    'it is delivered',
    async () => (await stateOf(alice, id)) === 'delivered',
  )

  assert.ok(world.clock.monotonicMs() - startedMs >= 5_000)
})

async function stateOf(client: Awaited<ReturnType<typeof startClient>>, id: string) {
  const found = (await client.history('bob')).find((message) => message.id === id)
  return found !== undefined && 'state' in found ? found.state?.kind : undefined
}
