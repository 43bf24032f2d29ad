import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AccountAnswer, ChatOperations } from '../api/chat-api.ts'
import type { Username } from '../brands.ts'
import {
  addDevice,
  createDeviceList,
  revokeDevice,
  type SignedDeviceList,
} from '../crypto/device-list-changes.ts'
import { createDeviceId } from '../crypto/ids.ts'
import { createStorageKey } from '../crypto/local-record.ts'
import { memoryStorage } from '../storage/memory-storage.ts'
import { until } from '../testing/fake-clock.ts'
import { newWorld, startClient, texts } from '../testing/people.ts'
import { type Person, person } from '../testing/vectors/people.ts'
import { Directory } from './directory.ts'
import { openRecordStore } from './record-store.ts'

const bobName = 'bob' as Username

test('the key at first contact is trusted, and the list is not asked for twice', async () => {
  const { directory, asked, server } = await setUp()
  server.answer = answer(await firstList(await person('bob')))

  const [first, second] = [await directory.get(bobName), await directory.get(bobName)]

  assert.equal(first.kind, 'trusted')
  assert.equal(second.kind, 'trusted')
  assert.equal(asked.length, 1)
})

test('an older list than the one seen is refused, and the newer one stays', async () => {
  const bob = await person('bob')
  const { directory, server } = await setUp()
  server.answer = answer(bob.signedList)
  await directory.refresh(bobName)

  server.answer = answer(await firstList(bob))
  const { trust } = await directory.refresh(bobName)

  assert.deepEqual(trust, { kind: 'refused', reason: 'rolled-back' })
  const kept = await directory.get(bobName)
  assert.equal(kept.kind === 'trusted' && kept.list.version, bob.signedList.list.version)
})

test('two lists of one version are refused as a fork', async () => {
  const bob = await person('bob')
  const [first, second] = bob.devices
  const { directory, server } = await setUp()
  server.answer = answer(await createDeviceList(bob.identity, bobName, first))
  await directory.refresh(bobName)

  server.answer = answer(await createDeviceList(bob.identity, bobName, second ?? first))
  const { trust } = await directory.refresh(bobName)

  assert.deepEqual(trust, { kind: 'refused', reason: 'forked' })
})

test('another identity key is offered to the person once, and stays after a restart', async () => {
  const { directory, server, changed, reopen } = await setUp()
  server.answer = answer(await firstList(await person('bob')))
  await directory.get(bobName)

  server.answer = answer(await listOfMallory())
  await directory.refresh(bobName)
  await directory.refresh(bobName)

  assert.deepEqual(changed, ['bob'])
  assert.equal((await (await reopen()).get(bobName)).kind, 'key-changed')
})

test('an accepted key is trusted and no longer verified', async () => {
  const { directory, server } = await setUp()
  const known = await firstList(await person('bob'))
  server.answer = answer(known)
  await directory.get(bobName)
  await directory.markVerified(bobName, known.list.identityKey)
  const offered = await listOfMallory()
  server.answer = answer(offered)
  await directory.refresh(bobName)

  assert.equal(await directory.acceptKey(bobName), true)

  const trust = await directory.get(bobName)
  assert.ok(trust.kind === 'trusted' && !trust.isVerified)
  assert.deepEqual(trust.list.identityKey, offered.list.identityKey)
})

test('a key can be marked as verified only while it is the one that counts', async () => {
  const { directory, server } = await setUp()
  server.answer = answer(await firstList(await person('bob')))
  await directory.get(bobName)
  const other = await listOfMallory()

  await assert.rejects(directory.markVerified(bobName, other.list.identityKey), {
    code: 'KEY_CHANGED',
  })
})

test('a changed key holds what is sent, until the person accepts it', async () => {
  const world = newWorld()
  const alice = await startClient(world, 'alice')
  await startClient(world, 'bob')
  const changes: string[] = []
  alice.on('key-changed', ({ username }) => changes.push(username))
  await alice.send('bob', { text: 'before' })
  await until(world.clock, 'it is sent', () => world.service.sent.length === 1)
  const offered = await listOfMallory()
  world.service.unsafeReplaceAccount({
    ...world.service.account('bob'),
    list: offered.list,
    deviceList: offered.bytes,
    deviceListSignature: offered.signature,
  })

  const { id } = await alice.send('bob', { text: 'after' })
  await until(world.clock, 'it is held', async () => (await stateOf(alice, id)) === 'held')
  // Once with the old list, which the server refused; never for the new key.
  const sentWhileHeld = world.service.sent.length
  await world.clock.advance(60_000)
  assert.equal(world.service.sent.length, sentWhileHeld)
  assert.deepEqual(changes, ['bob'])
  assert.equal((await alice.lookUp('bob'))?.hasNewKey, true)
  await alice.acceptKey('bob')

  await until(world.clock, 'it is stored', async () => (await stateOf(alice, id)) === 'stored')
  assert.deepEqual(await texts(alice, 'bob'), ['before', 'after'])
})

test('what was held goes out when the key known before is shown again', async () => {
  const world = newWorld()
  const alice = await startClient(world, 'alice')
  const bob = await startClient(world, 'bob')
  await alice.send('bob', { text: 'before' })
  await until(world.clock, 'it is sent', () => world.service.sent.length === 1)
  const honest = { ...world.service.account('bob') }
  const { list, bytes, signature } = await listOfMallory()
  const lie = { ...honest, list, deviceList: bytes, deviceListSignature: signature }
  world.service.unsafeReplaceAccount(lie)
  const { id } = await alice.send('bob', { text: 'after' })
  await until(world.clock, 'it is held', async () => (await stateOf(alice, id)) === 'held')

  world.service.unsafeReplaceAccount(honest)
  assert.equal((await alice.lookUp('bob'))?.hasNewKey, false)

  await until(world.clock, 'bob has it', async () => (await texts(bob, 'alice')).length === 2)
})

test('a new device of the other person gets the next message after one refusal', async () => {
  const world = newWorld()
  const alice = await startClient(world, 'alice')
  const bob = await person('bob')
  const [first, second] = bob.devices
  await startClient(world, 'bob')
  await alice.send('bob', { text: 'one' })
  await until(world.clock, 'it is sent', () => world.service.sent.length === 1)
  const before = await createDeviceList(bob.identity, bobName, first)
  const now = await addDevice(bob.identity, before.list, second ?? first)
  world.service.unsafeReplaceAccount({
    ...world.service.account('bob'),
    list: now.list,
    deviceList: now.bytes,
    deviceListSignature: now.signature,
  })

  const { id } = await alice.send('bob', { text: 'two' })
  await until(world.clock, 'it is stored', async () => (await stateOf(alice, id)) === 'stored')

  const [, refused, accepted] = world.service.sent
  assert.equal(refused?.clientMessageId, accepted?.clientMessageId)
  assert.deepEqual(
    accepted?.to[0]?.keys.map(({ deviceId }) => deviceId).toSorted(),
    [first.id, second?.id].toSorted(),
  )
})

test('the key of a device that is no longer listed is remembered, and told apart', async () => {
  const bob = await person('bob')
  const [first, second] = bob.devices
  assert.ok(second)
  const { directory, server, asked } = await setUp()
  server.answer = answer(bob.signedList)
  assert.equal((await directory.signingKey(bobName, second.id))?.isListed, true)
  server.answer = answer(await revokeDevice(bob.identity, bob.signedList.list, second.id))
  await directory.refresh(bobName)
  const before = asked.length

  assert.deepEqual(await directory.signingKey(bobName, second.id), {
    key: second.signingKey,
    identityKey: bob.identity.publicKey,
    isListed: false,
  })
  assert.equal((await directory.signingKey(bobName, first.id))?.isListed, true)
  assert.equal(asked.length, before)
  assert.equal(await directory.signingKey(bobName, createDeviceId()), undefined)
})

test('many who are met for the first time are asked for together', async () => {
  const { directory, server, asked } = await setUp()
  server.answer = answer(await firstList(await person('bob')))
  await directory.getAll([bobName])
  const trusts = await directory.getAll([bobName])

  assert.equal(trusts.get(bobName)?.kind, 'trusted')
  assert.deepEqual(asked, ['accounts bob'])
})

async function setUp() {
  const storage = memoryStorage()
  const storageKey = await createStorageKey({ extractable: false })
  const asked: string[] = []
  const changed: string[] = []
  const server: { answer: AccountAnswer | null } = { answer: null }
  const operations = {
    account: async (username: string) => {
      asked.push(username)
      return server.answer
    },
    accounts: async (usernames: readonly string[]) => {
      asked.push(`accounts ${usernames.join(' ')}`)
      return usernames.map(() => server.answer)
    },
  } as Partial<ChatOperations> as ChatOperations
  const reopen = async () =>
    new Directory({
      store: await openRecordStore(storage, storageKey),
      operations: async () => operations,
      onKeyChanged: (username) => changed.push(username),
      onKeyRestored: () => undefined,
    })
  return { directory: await reopen(), reopen, asked, changed, server }
}

function firstList({ identity, username, devices }: Person): Promise<SignedDeviceList> {
  return createDeviceList(identity, username, devices[0])
}

/** What a server shows that wants to read along: bob's name, and the keys of mallory. */
async function listOfMallory(): Promise<SignedDeviceList> {
  const mallory = await person('mallory')
  return createDeviceList(mallory.identity, bobName, mallory.devices[0])
}

function answer({ list, bytes, signature }: SignedDeviceList): AccountAnswer {
  return {
    username: list.username,
    deviceList: bytes,
    deviceListSignature: signature,
    deviceListVersion: list.version,
    online: false,
  }
}

async function stateOf(client: Awaited<ReturnType<typeof startClient>>, id: string) {
  const found = (await client.history('bob')).find((message) => message.id === id)
  return found !== undefined && 'state' in found ? found.state?.kind : undefined
}
