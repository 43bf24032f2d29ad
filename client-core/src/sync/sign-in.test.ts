import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ChatClient } from '../chat-client.ts'
import { openChatClient } from '../chat-client.ts'
import { networkError } from '../errors.ts'
import { memoryStorage } from '../storage/memory-storage.ts'
import { until } from '../testing/fake-clock.ts'
import type { Installed } from '../testing/installed.ts'
import { newWorld, startClient, texts, type World } from '../testing/people.ts'
import { memoryKeyStore } from './key-store.ts'

const alice = { username: 'alice', password: 'correct horse' }

test('whoever signed up can sign out and in again as the same device, with the history', async () => {
  const world = newWorld()
  const disk = newDisk()
  const bob = await startClient(world, 'bob')
  const client = await open(world, disk)
  await client.signUp(alice)
  const { deviceId } = client
  await client.send('bob', { text: 'hello' })
  await until(world.clock, 'it came', async () => (await texts(bob, 'alice')).length === 1)

  await client.signOut()
  assert.equal(client.username, undefined)
  assert.deepEqual(await client.signIn(alice), { kind: 'signed-in' })

  assert.equal(client.deviceId, deviceId)
  assert.deepEqual(await texts(client, 'bob'), ['hello'])
  assert.equal((await client.devices()).length, 1)
})

test('whoever signs in while signed in, as after a lock, ends the session before and goes on', async () => {
  const world = newWorld()
  const bob = await startClient(world, 'bob')
  const client = await open(world)
  await client.signUp(alice)

  await client.signIn(alice)

  await until(world.clock, 'one is left', async () => world.service.sessionsOf('alice') === 1)
  await bob.send('alice', { text: 'still there?' })
  await until(world.clock, 'it came', async () => (await texts(client, 'bob')).length === 1)
})

test('a wrong password is an answer with the attempts that are left', async () => {
  const world = newWorld()
  await (await open(world)).signUp(alice)
  const other = await open(world)

  const result = await other.signIn({ ...alice, password: 'wrong' })

  assert.deepEqual(result, { kind: 'wrong-password', attemptsLeft: 2 })
  assert.equal(other.username, undefined)
})

test('a name that did not get in does not keep another name out', async () => {
  const world = newWorld()
  await (await open(world)).signUp(alice)
  const other = await open(world)
  await other.signIn({ ...alice, password: 'wrong' })

  await other.signUp({ username: 'carol', password: 'another' })

  assert.equal(other.username, 'carol')
})

test('a password alone makes a new device of the account, and both get what is sent', async () => {
  const world = newWorld()
  const bob = await startClient(world, 'bob')
  const first = await open(world)
  await first.signUp(alice)
  await bob.send('alice', { text: 'one' })
  await until(world.clock, 'it came', async () => (await texts(first, 'bob')).length === 1)

  const second = await open(world)
  await second.signIn({ ...alice, deviceName: 'phone' })
  await bob.send('alice', { text: 'two' })
  await until(world.clock, 'both have it', async () => {
    return (await texts(first, 'bob')).length === 2 && (await texts(second, 'bob')).length === 1
  })

  const names = (await first.devices()).map(({ name, isThisOne }) => [name, isThisOne])
  assert.deepEqual(names.toSorted(), [
    ['FastChat', true],
    ['phone', false],
  ])
})

test('a revoked device is signed out, and nothing more is encrypted for it', async () => {
  const world = newWorld()
  const first = await open(world)
  await first.signUp(alice)
  const second = await open(world)
  await second.signIn(alice)

  const wrong = await first.revokeDevice(second.deviceId ?? '', { password: 'wrong' })
  const right = await first.revokeDevice(second.deviceId ?? '', { password: alice.password })

  assert.equal(wrong.kind, 'wrong-password')
  assert.deepEqual(right, { kind: 'signed-in' })
  assert.deepEqual(
    (await first.devices()).map(({ id }) => id),
    [first.deviceId],
  )
})

test('a sign-up whose answer was lost is finished by a sign-in, as the same device', async () => {
  const world = newWorld()
  const disk = newDisk()
  world.service.breakNext('finishSignUp', { kind: 'lose-answer' })
  const client = await open(world, disk)
  await assert.rejects(client.signUp(alice), { code: 'NETWORK' })

  await client.signIn(alice)

  assert.equal((await client.devices()).length, 1)
  assert.equal((await client.devices())[0]?.id, client.deviceId)
})

test('a device that was revoked meanwhile comes back as a new one', async () => {
  const world = newWorld()
  const first = await open(world)
  await first.signUp(alice)
  const second = await open(world)
  await second.signIn(alice)
  const revokedId = second.deviceId ?? ''
  await first.revokeDevice(revokedId, { password: alice.password })
  await second.signOut()

  await second.signIn(alice)

  assert.notEqual(second.deviceId, revokedId)
  assert.equal((await second.devices()).length, 2)
})

test('two devices that join at once both end in the list', async () => {
  const world = newWorld()
  await (await open(world)).signUp(alice)
  const [second, third] = [await open(world), await open(world)]

  await Promise.all([second.signIn(alice), third.signIn(alice)])

  assert.equal((await third.devices()).length, 3)
})

test('a vault that the server has changed is not opened', async () => {
  const world = newWorld()
  await (await open(world)).signUp(alice)
  const account = world.service.account('alice')
  const vault = account.vault.slice()
  vault[vault.length - 1] = (vault.at(-1) ?? 0) ^ 1
  world.service.unsafeReplaceAccount({ ...account, vault })

  const other = await open(world)

  await assert.rejects(other.signIn(alice), { code: 'UNTRUSTED_ANSWER' })
  assert.equal(other.username, undefined)
})

test('a device that the server has slipped into the list is noticed before it is signed', async () => {
  const world = newWorld()
  await (await open(world)).signUp(alice)
  const mallory = await open(world)
  await mallory.signUp({ username: 'mallory', password: 'evil' })
  const { deviceList, deviceListSignature } = world.service.account('mallory')
  const account = world.service.account('alice')
  world.service.unsafeReplaceAccount({ ...account, deviceList, deviceListSignature })

  const other = await open(world)

  await assert.rejects(other.signIn(alice), { code: 'UNTRUSTED_ANSWER' })
})

test('a storage of one person is not signed in to by another, until it is forgotten', async () => {
  const world = newWorld()
  await (await open(world)).signUp({ username: 'bob', password: 'bobs' })
  const client = await open(world)
  await client.signUp(alice)
  await client.signOut()

  await assert.rejects(client.signIn({ username: 'bob', password: 'bobs' }), { code: 'CONFLICT' })
  await client.signOut({ forget: true })
  await client.signIn({ username: 'bob', password: 'bobs' })

  assert.equal(client.username, 'bob')
  assert.deepEqual(await client.conversations(), [])
})

test('without a server that answers, signing in says so and changes nothing', async () => {
  const world = newWorld()
  world.service.breakNext('balancer', { kind: 'refuse', error: networkError() })
  const client = await open(world)

  await assert.rejects(client.signIn(alice), { code: 'NETWORK' })

  assert.equal(await client.resume(), false)
})

function newDisk(): Installed {
  return { storage: memoryStorage(), keys: memoryKeyStore() }
}

function open({ service, clock }: World, disk = newDisk()): Promise<ChatClient> {
  return openChatClient({ url: 'http://fake', api: service, clock, ...disk })
}
