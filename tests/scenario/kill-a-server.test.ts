import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ChatClient } from '@fastchat/client-core'
import { startCluster } from '../support/cluster.ts'
import { hears, nextEvent, signedUp } from '../support/people.ts'

test('when the server of a person is killed they go on at another, and every message arrives once', async () => {
  await using cluster = await startCluster({ servers: 3 })
  await using alice = await signedUp(cluster.url, 'alice')
  await using bob = await signedUp(cluster.url, 'bob')
  const heard = hears(bob, 20)

  for (let number = 1; number <= 20; number++) {
    await alice.send('bob', { text: String(number) })
    if (number === 5) await cluster.kill(await serverOf(bob))
    if (number === 12) await cluster.kill(await serverOf(alice))
  }

  assert.deepEqual(
    await heard,
    Array.from({ length: 20 }, (_, index) => String(index + 1)),
  )
})

test('a server that drains sends its people to another before it goes', async () => {
  await using cluster = await startCluster({ servers: 2 })
  await using alice = await signedUp(cluster.url, 'alice')
  await using bob = await signedUp(cluster.url, 'bob')
  const left = await serverOf(bob)
  const moved = nextEvent(bob, 'connection', (state) => state.kind === 'live')

  const stopped = cluster.stop(left)
  const state = await moved
  const heard = hears(bob, 1)
  await alice.send('bob', { text: 'still here?' })

  assert.ok(state.kind === 'live' && Number(state.server.id) !== left)
  assert.deepEqual(await heard, ['still here?'])
  assert.equal(await stopped, 0)
})

test('a client that is connected needs no balancer, and finds a server without one', async () => {
  await using cluster = await startCluster({ servers: 2 })
  await using alice = await signedUp(cluster.url, 'alice')
  await using bob = await signedUp(cluster.url, 'bob')
  await cluster.kill(0)

  await cluster.kill(await serverOf(bob))
  await nextEvent(bob, 'connection', (state) => state.kind === 'live')
  const heard = hears(bob, 1)
  await alice.send('bob', { text: 'without a balancer' })

  assert.deepEqual(await heard, ['without a balancer'])
})

async function serverOf(client: ChatClient): Promise<number> {
  await client.connected()
  const { connection } = client
  if (connection.kind !== 'live') throw new Error(`"client" expected live, got ${connection.kind}`)
  return Number(connection.server.id)
}
