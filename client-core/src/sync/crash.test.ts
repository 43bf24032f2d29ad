import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../testing/fake-clock.ts'
import { type Life, mortal } from '../testing/mortal.ts'
import { installed, newWorld, reopened, startClient, texts, type World } from '../testing/people.ts'
import { person } from '../testing/vectors/people.ts'

const written = ['one', 'two', 'three']

test('killed at any step of sending, a client loses nothing, doubles nothing and keeps its ids', async () => {
  let steps = 0
  for (let step = 1; ; step++) {
    const world = newWorld()
    const alice = await installed(world, 'alice')
    const bob = await startClient(world, 'bob')

    const life = mortal(world.service, alice.storage, step)
    const durable = await sendUntilDeath(world, alice, life)
    if (!life.isOver) break
    await alice.storage.close()
    const survivor = await reopened(world, alice)
    await until(world.clock, `all is settled after step ${step}`, async () => {
      const states = (await survivor.history('bob')).map((m) => 'state' in m && m.state?.kind)
      return states.every((kind) => kind === 'delivered')
    })

    const heard = await texts(bob, 'alice')
    assert.deepEqual(heard, written.slice(0, heard.length), `in order, step ${step}`)
    assert.ok(heard.length >= durable, `nothing durable is lost, step ${step}`)
    assert.deepEqual(await texts(survivor, 'bob'), heard)
    checkAttempts(world)
    assert.ok(
      (await bob.history('alice')).every((m) => !('isMissingBefore' in m && m.isMissingBefore)),
    )
    await Promise.all([survivor.close(), bob.close()])
    steps += 1
  }
  assert.ok(steps > 20, `killed at ${steps} steps`)
})

test('killed at any step of receiving, a client shows every message once and in order', async () => {
  let steps = 0
  for (let step = 1; ; step++) {
    const world = newWorld()
    const alice = await startClient(world, 'alice')
    const bob = await installed(world, 'bob')

    const life = mortal(world.service, bob.storage, step)
    const first = reopened(world, bob, life)
    for (const text of written) await alice.send('bob', { text })
    const [bobsDevice] = (await person('bob')).devices
    const isAtRest = () =>
      world.service.sent.length === 3 && world.service.mailboxes.waitingFor(bobsDevice.id) === 0
    await until(world.clock, 'bob died or has all', () => life.isOver || isAtRest())
    if (!life.isOver) {
      await (await first).close()
      break
    }
    await bob.storage.close()
    const survivor = await reopened(world, bob)
    await until(world.clock, `all came after step ${step}`, isAtRest)

    assert.deepEqual(await texts(survivor, 'alice'), written, `step ${step}`)
    await Promise.all([survivor.close(), alice.close()])
    steps += 1
  }
  assert.ok(steps > 8, `killed at ${steps} steps`)
})

/** How many messages were promised to be durable before the end came. */
async function sendUntilDeath(
  world: World,
  alice: Awaited<ReturnType<typeof installed>>,
  life: Life,
): Promise<number> {
  let durable = 0
  let isDone = false
  const work = async () => {
    const client = await reopened(world, alice, life)
    for (const text of written) {
      await client.send('bob', { text })
      durable += 1
    }
    for (const { id } of await client.history('bob')) await client.settled(id)
    isDone = true
    await client.close()
  }
  const running = work()
  await until(world.clock, 'alice died or is done', () => life.isOver || isDone)
  if (isDone) await running
  return durable
}

/** A message that was perhaps received goes out a second time as the same bytes or not at all. */
function checkAttempts({ service }: World): void {
  const first = new Map<string, (typeof service.sent)[number]>()
  for (const attempt of service.sent) {
    const before = first.get(attempt.clientMessageId) ?? attempt
    first.set(attempt.clientMessageId, before)
    assert.deepEqual(attempt, before)
  }
}
