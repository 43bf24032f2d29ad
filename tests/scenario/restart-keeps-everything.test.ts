import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sendStored, someoneIsAway } from '../support/absence.ts'
import { startCluster } from '../support/cluster.ts'
import { collect } from '../support/collect.ts'
import { newInstallation, openClient, password } from '../support/people.ts'

test('after all processes were killed and started again, accounts, keys and waiting messages are there', async () => {
  await using cluster = await startCluster({ servers: 2 })
  const { writers, away } = await someoneIsAway(cluster, 'bob', ['alice'])
  const [alice] = writers
  assert.ok(alice)
  const safetyNumber = (await alice.safetyNumber('bob')).digits
  await sendStored(alice, 'bob', 'written before the restart')

  await Promise.all([0, ...cluster.serverIds].map((id) => cluster.kill(id)))
  for (const id of [...cluster.serverIds, 0]) await cluster.restart(id)
  await cluster.untilRanked(cluster.serverIds)

  const bob = await openClient(cluster.url, away)
  const heard = collect(bob)
  assert.equal(await bob.resume(), true)
  await heard.untilText('written before the restart')
  assert.deepEqual((await alice.safetyNumber('bob')).digits, safetyNumber)

  // The password still opens the account on a device that has never been there.
  const second = await openClient(cluster.url, newInstallation())
  assert.deepEqual(await second.signIn({ username: 'bob', password, deviceName: 'new' }), {
    kind: 'signed-in',
  })
  assert.equal((await second.devices()).length, 2)
  await Promise.all([alice, bob, second].map((client) => client.close()))
})
