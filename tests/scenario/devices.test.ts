import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startCluster } from '../support/cluster.ts'
import {
  hears,
  newInstallation,
  nextEvent,
  openClient,
  password,
  signedUp,
} from '../support/people.ts'

test('a second device gets what is sent to the person and what the first device sends', async () => {
  await using cluster = await startCluster({ servers: 2 })
  await using laptop = await signedUp(cluster.url, 'alice')
  await using bob = await signedUp(cluster.url, 'bob')
  const first = hears(laptop, 1)
  await bob.send('alice', { text: 'before the phone' })
  await first

  await using phone = await openClient(cluster.url)
  assert.deepEqual(await phone.signIn({ username: 'alice', password, deviceName: 'phone' }), {
    kind: 'signed-in',
  })
  await phone.connected()
  const onBoth = [hears(laptop, 1), hears(phone, 1)]
  await bob.send('alice', { text: 'to both' })
  assert.deepEqual(await Promise.all(onBoth), [['to both'], ['to both']])

  const mine = nextEvent(phone, 'message')
  await laptop.send('bob', { text: 'from the laptop' })
  const seen = await mine
  assert.ok(seen.kind === 'text' && seen.isMine && seen.peer === 'bob')
})

test('a revoked device is thrown out at once and gets nothing that is sent later', async () => {
  await using cluster = await startCluster({ servers: 2 })
  await using laptop = await signedUp(cluster.url, 'alice')
  await using bob = await signedUp(cluster.url, 'bob')
  await using phone = await openClient(cluster.url)
  await phone.signIn({ username: 'alice', password })
  await phone.connected()

  const thrownOut = nextEvent(phone, 'connection', (state) => state.kind === 'stopped')
  const revoked = await laptop.revokeDevice(phone.deviceId ?? '', { password })
  assert.deepEqual(revoked, { kind: 'signed-in' })
  assert.deepEqual(await thrownOut, { kind: 'stopped', reason: 'session-ended' })

  const heard = hears(laptop, 1)
  const { id } = await bob.send('alice', { text: 'only for the laptop' })
  assert.deepEqual(await heard, ['only for the laptop'])
  assert.deepEqual(await bob.settled(id), { kind: 'delivered' })
})

test('a revoked device that signs in again is a new device, with the history it had', async () => {
  await using cluster = await startCluster({ servers: 2 })
  await using laptop = await signedUp(cluster.url, 'alice')
  await using bob = await signedUp(cluster.url, 'bob')
  await using phone = await openClient(cluster.url)
  await phone.signIn({ username: 'alice', password })
  await phone.connected()
  const before = hears(phone, 1)
  await bob.send('alice', { text: 'from before' })
  await before
  const old = phone.deviceId ?? ''
  const thrownOut = nextEvent(phone, 'connection', (state) => state.kind === 'stopped')
  await laptop.revokeDevice(old, { password })
  await thrownOut

  assert.deepEqual(await phone.signIn({ username: 'alice', password }), { kind: 'signed-in' })
  await phone.connected()

  assert.notEqual(phone.deviceId, old)
  const after = hears(phone, 1)
  await bob.send('alice', { text: 'from after' })
  assert.deepEqual(await after, ['from after'])
  assert.equal((await phone.history('bob')).length, 2)
})

test('signing out ends the session at the servers, not only here', async () => {
  await using cluster = await startCluster({ servers: 2 })
  await using alice = await signedUp(cluster.url, 'alice')
  const { token } = await alice.apiAccess()
  const ask = async () => {
    const answer = await fetch(`${cluster.serverUrl(1)}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: '{ me { account { username } } }' }),
    })
    return answer.status
  }
  assert.equal(await ask(), 200)

  await alice.signOut()

  assert.equal(await ask(), 401)
})

test('a wrong password says how many attempts are left, and the right one still works', async () => {
  await using cluster = await startCluster({ servers: 2 })
  const disk = newInstallation()
  await using first = await signedUp(cluster.url, 'alice', disk)
  await first.signOut()

  const wrong = await first.signIn({ username: 'alice', password: 'not it' })
  const right = await first.signIn({ username: 'alice', password })

  assert.deepEqual(wrong, { kind: 'wrong-password', attemptsLeft: 2 })
  assert.deepEqual(right, { kind: 'signed-in' })
  assert.equal((await first.devices()).length, 1)
})

test('a copy of an installation takes over, and the one before stops instead of fighting', async () => {
  await using cluster = await startCluster({ servers: 2 })
  const disk = newInstallation()
  await using first = await signedUp(cluster.url, 'alice', disk)
  const replaced = nextEvent(first, 'connection', (state) => state.kind === 'stopped')

  // As if the folder had been copied to another machine, where the lock is another.
  const copy = {
    ...disk,
    storage: { ...disk.storage, lock: async () => ({ release: async () => {} }) },
  }
  await using second = await openClient(cluster.url, copy)
  await second.resume()
  await second.connected()

  assert.deepEqual(await replaced, { kind: 'stopped', reason: 'replaced' })
  assert.equal(second.connection.kind, 'live')
})
