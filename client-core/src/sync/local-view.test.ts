import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../testing/fake-clock.ts'
import { installed, newWorld, reopened, startClient } from '../testing/people.ts'

test('a note is found again after a restart, and forgotten when it is emptied', async () => {
  const world = newWorld()
  const disk = await installed(world, 'alice')
  const first = await reopened(world, disk)
  await first.local.keepNote('draft bob', 'half a thou')
  await first.close()

  const second = await reopened(world, disk)
  assert.equal(await second.local.note('draft bob'), 'half a thou')
  await second.local.keepNote('draft bob', '')

  assert.equal(await second.local.note('draft bob'), undefined)
})

test('what lies at the servers is shown while a message waits, and nothing of it when it is fetched', async () => {
  const world = newWorld()
  const alice = await startClient(world, 'alice')
  const bobsDisk = await installed(world, 'bob')
  const { id } = await alice.send('bob', { text: 'a secret' })
  const isStored = async () => (await alice.local.sealed(id))?.expiresAtMs !== undefined
  await until(world.clock, 'it is stored', isStored)

  const sealed = await alice.local.sealed(id)
  assert.deepEqual(sealed?.to, [{ username: 'bob', devices: 1 }])
  assert.ok(!Buffer.from(sealed?.envelope ?? []).includes('a secret'))

  await reopened(world, bobsDisk)
  await until(
    world.clock,
    'it is fetched',
    async () => (await alice.local.sealed(id)) === undefined,
  )
})

test('people who were met are known without a server, with a picture of their key', async () => {
  const world = newWorld()
  const alice = await startClient(world, 'alice')
  await startClient(world, 'bob')
  await alice.lookUp('bob')
  await alice.verify('bob')

  const bob = (await alice.local.people()).find(({ username }) => username === 'bob')

  assert.equal(bob?.fingerprint.length, 32)
  assert.equal(bob?.isVerified, true)
  assert.equal(bob?.hasNewKey, false)
})
