import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ChatClient } from '../chat-client.ts'
import { until } from '../testing/fake-clock.ts'
import { type Life, mortal } from '../testing/mortal.ts'
import { installed, newWorld, reopened, startClient, type World } from '../testing/people.ts'

const data = Uint8Array.from({ length: 2 * 65_536 + 9 }, (_, index) => index % 251)
const file = { data, name: 'map.png', type: 'image/png' }

test('killed at any step of sending a file, a client sends it whole and once, or never began', async () => {
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

    const heard = await filesOf(world, bob)
    assert.ok(heard.length <= 1 && heard.length >= durable, `step ${step}`)
    for (const bytes of heard) assert.deepEqual(bytes, data)
    await Promise.all([survivor.close(), bob.close()])
    steps += 1
  }
  assert.ok(steps > 20, `killed at ${steps} steps`)
})

test('killed at any step of fetching a file, a client has it whole after the next start', async () => {
  let steps = 0
  for (let step = 1; ; step++) {
    const world = newWorld()
    const alice = await startClient(world, 'alice')
    const bob = await installed(world, 'bob')

    const life = mortal(world.service, bob.storage, step)
    let isDone = false
    const first = reopened(world, bob, life)
    void first.then((client) => {
      client.on('file', ({ file: { state } }) => {
        isDone ||= state === 'ready'
      })
    })
    await alice.sendFile('bob', file)
    await until(world.clock, 'bob died or has it', () => life.isOver || isDone)
    if (!life.isOver) {
      await (await first).close()
      break
    }
    await bob.storage.close()
    const survivor = await reopened(world, bob)

    const [bytes, ...others] = await filesOf(world, survivor, 1)
    assert.deepEqual(bytes, data, `step ${step}`)
    assert.equal(others.length, 0)
    await Promise.all([survivor.close(), alice.close()])
    steps += 1
  }
  assert.ok(steps > 20, `killed at ${steps} steps`)
})

/** Whether the message was promised to be durable before the end came. */
async function sendUntilDeath(
  world: World,
  alice: Awaited<ReturnType<typeof installed>>,
  life: Life,
): Promise<number> {
  let durable = 0
  let isDone = false
  const work = async () => {
    const client = await reopened(world, alice, life)
    const { id } = await client.sendFile('bob', file)
    durable = 1
    await client.settled(id)
    isDone = true
    await client.close()
  }
  const running = work()
  await until(world.clock, 'alice died or is done', () => life.isOver || isDone)
  if (isDone) await running
  return durable
}

/** Once each of them is ready. */
async function filesOf(
  world: World,
  client: ChatClient,
  least = 0,
): Promise<readonly Uint8Array[]> {
  const files = async () => {
    return (await client.history(client.username === 'bob' ? 'alice' : 'bob')).filter(
      (message) => message.kind === 'file',
    )
  }
  await until(world.clock, 'every file is ready', async () => {
    const all = await files()
    return all.length >= least && all.every(({ file: { state } }) => state === 'ready')
  })
  return Promise.all((await files()).map(({ id }) => client.readFile(id)))
}
