import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startCluster } from '../support/cluster.ts'
import { hears, newInstallation, openClient, signedUp } from '../support/people.ts'

test('a client that closes and opens again goes on where it was, in both directions', async () => {
  await using cluster = await startCluster({ servers: 2 })
  const disk = newInstallation()
  await using bob = await signedUp(cluster.url, 'bob')
  const before = await signedUp(cluster.url, 'alice', disk)
  const heard = hears(bob, 1)
  await before.send('bob', { text: 'before' })
  await heard
  await before.close()

  await using after = await openClient(cluster.url, disk)
  assert.equal(await after.resume(), true)
  const both = Promise.all([hears(bob, 1), hears(after, 1)])
  await after.send('bob', { text: 'after' })
  await bob.send('alice', { text: 'welcome back' })

  assert.deepEqual(await both, [['after'], ['welcome back']])
  const history = await bob.history('alice')
  assert.ok(history.every((message) => !('isMissingBefore' in message && message.isMissingBefore)))
  assert.equal((await after.history('bob')).length, 3)
})

test('what was written while every server was down is sent by the next run of the client', async () => {
  await using cluster = await startCluster({ servers: 1 })
  const disk = newInstallation()
  await using bob = await signedUp(cluster.url, 'bob')
  const before = await signedUp(cluster.url, 'alice', disk)
  await cluster.kill(1)
  await before.send('bob', { text: 'written in the dark' })
  await before.close()
  await cluster.restart(1)
  await cluster.untilRanked([1])

  const heard = hears(bob, 1)
  await using after = await openClient(cluster.url, disk)
  await after.resume()

  assert.deepEqual(await heard, ['written in the dark'])
})
