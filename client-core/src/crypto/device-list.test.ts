import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Bytes } from '../brands.ts'
import { bytesFrom, person } from '../testing/vectors/people.ts'
import { encodeCanonical } from './canonical-cbor.ts'
import { signInContext } from './context-signature.ts'
import { type Device, type ExpectedDeviceList, verifyDeviceList } from './device-list.ts'
import { addDevice, createDeviceList, revokeDevice } from './device-list-changes.ts'

const [alice, mallory] = await Promise.all([person('alice'), person('mallory')])
const [laptop, phone] = alice.devices
assert.ok(phone)
const { identity, username } = alice
const first = await createDeviceList(identity, username, laptop)
const second = await addDevice(identity, first.list, phone)
const third = await revokeDevice(identity, second.list, laptop.id)

const firstContact: ExpectedDeviceList = {
  username,
  identityKey: null,
  minVersion: 0,
  seenHash: null,
}
const known: ExpectedDeviceList = { ...firstContact, identityKey: identity.publicKey }
const refused = (reason: string) => ({ kind: 'refused', reason })

test('the first list is trusted at first contact', async () => {
  const result = await verifyDeviceList(first.bytes, first.signature, firstContact)

  assert.ok(result.kind === 'verified')
  assert.deepEqual(result.list.identityKey, identity.publicKey)
  assert.deepEqual(result.hash, first.hash)
})

test('adding and revoking devices raises the version and keeps the order by id', async () => {
  assert.equal(second.list.version, 2)
  assert.deepEqual(
    second.list.devices.map(({ id }) => id),
    [laptop.id, phone.id].sort(),
  )

  const result = await verifyDeviceList(third.bytes, third.signature, { ...known, minVersion: 2 })

  assert.ok(result.kind === 'verified')
  assert.equal(result.list.version, 3)
  assert.deepEqual(
    result.list.devices.map(({ id }) => id),
    [phone.id],
  )
})

test('a device is neither added twice nor revoked if absent', async () => {
  await assert.rejects(addDevice(identity, first.list, laptop), /expected to be new/)
  await assert.rejects(revokeDevice(identity, first.list, phone.id), /expected to be in the list/)
})

test('T10: a server that brings back a list from before a revocation is refused', async () => {
  const seen = { ...known, minVersion: 3, seenHash: third.hash }

  assert.deepEqual(
    await verifyDeviceList(second.bytes, second.signature, seen),
    refused('rolled-back'),
  )
})

test('T9: a second list of a version already seen is refused', async () => {
  const fork = await addDevice(identity, first.list, { ...phone, name: 'other phone' })
  const seen = { ...known, minVersion: 2, seenHash: second.hash }

  assert.deepEqual(await verifyDeviceList(fork.bytes, fork.signature, seen), refused('forked'))
  assert.equal((await verifyDeviceList(second.bytes, second.signature, seen)).kind, 'verified')
})

test('T18: a list under another identity key is refused by everyone who knows the person', async () => {
  const swapped = await createDeviceList(mallory.identity, username, mallory.devices[0])

  assert.deepEqual(
    await verifyDeviceList(swapped.bytes, swapped.signature, known),
    refused('identity-changed'),
  )
})

test('T1: a list with a device the owner did not sign is refused', async () => {
  const ghost = await createDeviceList(mallory.identity, username, mallory.devices[0])
  const claimed = encodeCanonical({
    v: 1,
    username,
    version: 2,
    identityKey: identity.publicKey,
    devices: [plain(mallory.devices[0])],
  })

  for (const signature of [ghost.signature, first.signature]) {
    assert.deepEqual(await verifyDeviceList(claimed, signature, known), refused('bad-signature'))
  }
})

test('the list of another user is refused', async () => {
  const { bytes, signature } = mallory.signedList

  assert.deepEqual(await verifyDeviceList(bytes, signature, firstContact), refused('other-user'))
})

test('a well-signed list that is out of order or holds a weak key is refused', async () => {
  const weak = { ...phone, encryptionKey: weakened(phone.encryptionKey) }
  const descending = second.list.devices.toReversed()

  for (const devices of [descending, [weak]]) {
    const bytes = encodeCanonical({
      v: 1,
      username,
      version: 2,
      identityKey: identity.publicKey,
      devices: devices.map(plain),
    })
    const signature = await signInContext('deviceList', identity.signingKey, bytes)
    assert.deepEqual(await verifyDeviceList(bytes, signature, known), refused('malformed'))
  }
})

test('a list with any byte changed is refused', async () => {
  for (let index = 0; index < first.bytes.length; index++) {
    const bent = new Uint8Array(first.bytes)
    bent[index] = (bent[index] ?? 0) ^ 0x01
    assert.equal((await verifyDeviceList(bent, first.signature, known)).kind, 'refused')
  }
})

function plain({ id, name, encryptionKey, signingKey }: Device) {
  return { id, name, encryptionKey, signingKey }
}

/** The same key with public exponent 3. */
function weakened(spki: Bytes): Bytes {
  const weak = new Uint8Array(spki)
  weak.set(bytesFrom('AgMAAAM'), spki.length - 5)
  return weak
}
