import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ChatMessage } from '@fastchat/client-core'
import { startCluster } from '../support/cluster.ts'
import { hears, newInstallation, nextEvent, openClient, signedUp } from '../support/people.ts'

test('what was sent while somebody was away is there when they come back, once and in order', async () => {
  await using cluster = await startCluster({ servers: 2 })
  const disk = newInstallation()
  await using alice = await signedUp(cluster.url, 'alice')
  await using bob = await signedUp(cluster.url, 'bob', disk)
  await bob.close()
  const sent: ChatMessage[] = []
  for (const text of ['one', 'two', 'three']) sent.push(await alice.send('bob', { text }))
  await nextEvent(
    alice,
    'delivery',
    ({ id, state }) => id === sent[2]?.id && state.kind === 'stored',
  )

  await using again = await openClient(cluster.url, disk)
  const heard = hears(again, 3)
  await again.resume()

  assert.deepEqual(await heard, ['one', 'two', 'three'])
  for (const { id } of sent) assert.deepEqual(await alice.settled(id), { kind: 'delivered' })
})

test('what nobody fetched in time is never delivered, and both sides are told', async () => {
  await using cluster = await startCluster({ servers: 1, ttlSeconds: 2 })
  const disk = newInstallation()
  await using alice = await signedUp(cluster.url, 'alice')
  await using bob = await signedUp(cluster.url, 'bob', disk)
  await bob.close()

  const { id } = await alice.send('bob', { text: 'too late' })
  assert.deepEqual(await alice.settled(id), { kind: 'expired' })
  await using again = await openClient(cluster.url, disk)
  const missed = nextEvent(again, 'missed')
  await again.resume()

  assert.deepEqual(await missed, { count: 1 })
  assert.deepEqual(await again.history('alice'), [])
})
