import assert from 'node:assert/strict'
import { test } from 'node:test'
import { server } from '@serenity-kit/opaque'
import type { Sealed, Username } from '../brands.ts'
import { bytesFrom, openRequest, person, readVector } from '../testing/vectors/people.ts'
import { toBase64url } from './base64url.ts'
import { utf8 } from './bytes.ts'
import { verifyDeviceList } from './device-list.ts'
import { importStorageKey, openRecord } from './local-record.ts'
import { finishSignIn, opaqueIdentifiers, startSignIn } from './opaque.ts'
import { firstEntry, nextEntry } from './roster-changes.ts'
import { readRosterEntry } from './roster-entry.ts'
import { isSignedBy, signRosterEntry } from './roster-signature.ts'
import { rsaV1 } from './rsa-v1/rsa-v1.ts'
import { safetyNumber } from './safety-number.ts'
import { SecretBytes } from './secret-bytes.ts'
import { openVault } from './vault.ts'

// Bytes that exist on servers and disks. A change that breaks one of these tests is a new version
// of that format and needs another label or version number, not another vector.

const [alice, bob, carol] = await Promise.all([person('alice'), person('bob'), person('carol')])

type Named = Parameters<typeof firstEntry>[0]['members'][number]
type Vector<Name extends string> = Readonly<Record<Name, string>>

test('the first message ever sealed still opens on every device', async () => {
  const vector = readVector<
    Vector<'envelope' | 'content' | 'headerHash' | 'conversation'> & {
      readonly wraps: readonly Vector<'deviceId' | 'wrap'>[]
    }
  >('rsa-v1.json')
  const sealed = {
    envelope: bytesFrom(vector.envelope) as Sealed,
    wraps: vector.wraps.map(({ deviceId, wrap }) => ({
      deviceId,
      wrap: bytesFrom(wrap) as Sealed,
    })),
  }
  const { conversation } = vector

  for (const [reader, device] of [
    [bob, bob.devices[0]],
    [bob, bob.devices[1]],
    [alice, alice.devices[1]],
  ] as const) {
    const opened = await rsaV1.open({
      ...openRequest(sealed, reader, [alice, bob], device),
      conversation,
    })
    assert.deepEqual(opened.content, utf8(vector.content))
    assert.equal(toBase64url(opened.headerHash), vector.headerHash)
    assert.equal(opened.senderUser, 'alice')
  }
})

test('the first message to a group still opens, under the roster its sender knew', async () => {
  const vector = readVector<
    Vector<'envelope' | 'content' | 'headerHash' | 'conversation' | 'rosterHash'> & {
      readonly wraps: readonly Vector<'deviceId' | 'wrap'>[]
    }
  >('rsa-v1-group.json')
  const sealed = {
    envelope: bytesFrom(vector.envelope) as Sealed,
    wraps: vector.wraps.map(({ deviceId, wrap }) => ({
      deviceId,
      wrap: bytesFrom(wrap) as Sealed,
    })),
  }

  for (const reader of [bob, carol]) {
    const opened = await rsaV1.open(openRequest(sealed, reader, [alice]))
    assert.deepEqual(opened.content, utf8(vector.content))
    assert.equal(toBase64url(opened.headerHash), vector.headerHash)
    assert.equal(opened.header.conversation, vector.conversation)
    assert.deepEqual(opened.header.roster, { version: 2, hash: bytesFrom(vector.rosterHash) })
  }
})

test('the entries of a roster have the bytes and the signatures they always had', async () => {
  const vector = readVector<{
    readonly group: string
    readonly at: number
    readonly entries: readonly Vector<'bytes' | 'hash' | 'signature'>[]
  }>('../../../../tests/vectors/roster-entry.json')
  const [device] = alice.devices
  const author = { author: alice.username, authorDevice: device.id, at: vector.at }
  const [asAlice, asBob, asCarol] = [alice, bob, carol].map(({ username, identity }) => {
    return { user: username, identityKey: identity.publicKey }
  }) as [Named, Named, Named]
  const { group } = vector

  const first = await signRosterEntry(
    device.keys,
    firstEntry({ group, name: 'Bücher 📚', members: [asAlice, asBob] }, author),
  )
  const added = nextEntry(first.entry, { action: 'add', members: [asCarol] }, author)
  const second = await signRosterEntry(device.keys, added)

  for (const [index, { entry, signature }] of [first, second].entries()) {
    assert.equal(toBase64url(entry.bytes), vector.entries[index]?.bytes)
    assert.equal(toBase64url(entry.hash), vector.entries[index]?.hash)
    assert.equal(toBase64url(signature), vector.entries[index]?.signature)
    assert.ok(await isSignedBy(device.signingKey, { entry, signature }))
    assert.deepEqual(await readRosterEntry(entry.bytes), entry)
  }
})

test('a device list has the bytes and the signature it always had, and verifies', async () => {
  const vector = readVector<Vector<'bytes' | 'signature' | 'hash'>>('device-list.json')

  const result = await verifyDeviceList(bytesFrom(vector.bytes), bytesFrom(vector.signature), {
    username: alice.username,
    identityKey: alice.identity.publicKey,
    minVersion: 2,
    seenHash: bytesFrom(vector.hash),
  })

  assert.equal(result.kind, 'verified')
  assert.equal(toBase64url(alice.signedList.bytes), vector.bytes)
  assert.equal(toBase64url(alice.signedList.signature), vector.signature)
})

test('a vault sealed long ago still opens', async () => {
  const vector = readVector<Vector<'exportKey' | 'vault'>>('vault.json')
  const exportKey = new SecretBytes(bytesFrom(vector.exportKey))

  const owner = { username: alice.username, exportKey }
  const result = await openVault(owner, bytesFrom(vector.vault), 3)

  assert.ok(result.kind === 'opened')
  assert.deepEqual(result.identity.publicKey, alice.identity.publicKey)
})

test('a local record sealed long ago still opens', async () => {
  const vector =
    readVector<Vector<'storageKey' | 'collection' | 'key' | 'content' | 'sealed'>>(
      'local-record.json',
    )
  const storageKey = await importStorageKey(new SecretBytes(bytesFrom(vector.storageKey)))

  const opened = await openRecord(storageKey, vector, bytesFrom(vector.sealed))

  assert.deepEqual(opened, utf8(vector.content))
})

test('a password registered long ago still signs in and gives the same key', async () => {
  const vector =
    readVector<Vector<'password' | 'serverSetup' | 'registrationRecord' | 'exportKey'>>(
      'opaque.json',
    )
  const username = 'alice' as Username
  const { password, serverSetup, registrationRecord } = vector
  const { state, startLoginRequest } = await startSignIn(password)
  const { loginResponse } = server.startLogin({
    serverSetup,
    userIdentifier: username,
    registrationRecord,
    startLoginRequest,
    identifiers: opaqueIdentifiers(username),
  })

  const finish = await finishSignIn({ username, password, state, loginResponse })

  assert.ok(finish.kind === 'signed-in')
  assert.equal(finish.exportKey.expose(toBase64url), vector.exportKey)
})

test('a safety number that people have compared stays the same', async () => {
  const vector = readVector<Vector<'digits' | 'qr'>>('safety-number.json')
  const [mine, theirs] = [alice, bob].map(({ username, identity }) => {
    return { username, identityKey: identity.publicKey }
  })
  assert.ok(mine && theirs)

  const number = await safetyNumber(mine, theirs)

  assert.equal(number.digits, vector.digits)
  assert.equal(toBase64url(number.qr), vector.qr)
})
