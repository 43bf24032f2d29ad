import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import { before, test } from 'node:test'
import type { Username } from '../../client-core/src/brands.ts'
import { signatureContexts as clientContexts } from '../../client-core/src/crypto/context-signature.ts'
import { type DeviceKeys, generateDeviceKeys } from '../../client-core/src/crypto/device-keys.ts'
import type { Device } from '../../client-core/src/crypto/device-list.ts'
import {
  addDevice,
  createDeviceList,
  revokeDevice,
} from '../../client-core/src/crypto/device-list-changes.ts'
import {
  proveAttach,
  proveRegistration,
  proveSignIn,
} from '../../client-core/src/crypto/device-proof.ts'
import { createIdentity, type Identity } from '../../client-core/src/crypto/identity.ts'
import { normalizeUsername as normalizeInClient } from '../../client-core/src/crypto/username.ts'
import { signatureContexts as serverContexts } from '../../server/src/domain/identity/context-signature.ts'
import { readDeviceList } from '../../server/src/domain/identity/device-list.ts'
import {
  findOnlyDifference,
  readNextList,
} from '../../server/src/domain/identity/device-list-change.ts'
import {
  isAttachProof,
  isRegistrationProof,
  isSignInProof,
} from '../../server/src/domain/identity/proofs.ts'
import { normalizeUsername as normalizeInServer } from '../../server/src/domain/identity/username.ts'

// Client and server share no code, so each lays out on its own what the other signs or checks.

const username = 'alice' as Username
const deviceId = randomUUID()
let keys: DeviceKeys
let identity: Identity

before(async () => {
  keys = await generateDeviceKeys({ extractable: true })
  identity = await createIdentity()
})

function deviceNamed(id: string, name = 'laptop'): Device {
  const { encryptionKey, signingKey } = keys
  return { id, name, encryptionKey, signingKey }
}

test('every label that the server checks is one that the client signs', () => {
  for (const [context, label] of Object.entries(serverContexts))
    assert.equal(new Map(Object.entries(clientContexts)).get(context), label)
})

test('the server accepts the proof of an attachment for this server, device and challenge alone', async () => {
  const challenge = new Uint8Array(randomBytes(40))
  const signature = await proveAttach(keys, { serverId: '12', deviceId, challenge })
  const proof = { signingKey: keys.signingKey, signature, serverId: 12, deviceId, challenge }

  assert.ok(isAttachProof(proof))
  assert.ok(!isAttachProof({ ...proof, serverId: 1 }))
  assert.ok(!isAttachProof({ ...proof, deviceId: randomUUID() }))
  assert.ok(!isAttachProof({ ...proof, challenge: challenge.subarray(1) }))
})

test('the server accepts the proof of a registration for this name and device alone', async () => {
  const signature = await proveRegistration(keys, { username, deviceId })
  const proof = { signingKey: keys.signingKey, signature, username, deviceId }

  assert.ok(isRegistrationProof(proof))
  assert.ok(!isRegistrationProof({ ...proof, username: 'alic' }))
  assert.ok(!isRegistrationProof({ ...proof, deviceId: randomUUID() }))
})

test('the server accepts the proof of a sign-in for this sign-in and device alone', async () => {
  const signInId = randomUUID()
  const signature = await proveSignIn(keys, { signInId, deviceId })
  const proof = { signingKey: keys.signingKey, signature, signInId, deviceId }

  assert.ok(isSignInProof(proof))
  assert.ok(!isSignInProof({ ...proof, signInId: randomUUID() }))
  assert.ok(!isSignInProof({ ...proof, deviceId: randomUUID() }))
})

test('a proof made for one purpose serves no other', async () => {
  const signature = await proveSignIn(keys, { signInId: deviceId, deviceId })

  assert.ok(
    !isRegistrationProof({ signingKey: keys.signingKey, signature, username: deviceId, deviceId }),
  )
})

test('the server reads a device list that the client made, byte by byte the same', async () => {
  const made = await createDeviceList(identity, username, deviceNamed(deviceId, 'Büro 🖥'))

  const read = readDeviceList(made.bytes, made.signature)

  assert.deepEqual(
    {
      username: read.username,
      version: read.version,
      identityKey: read.identityKey,
      devices: read.devices,
    },
    { ...made.list },
  )
})

test('the server follows a list through devices that the client adds and revokes', async () => {
  const first = await createDeviceList(identity, username, deviceNamed(deviceId))
  const phone = deviceNamed(randomUUID(), 'phone')
  const second = await addDevice(identity, first.list, phone)
  const third = await revokeDevice(identity, second.list, deviceId)
  const keptAs = ({ bytes, signature }: typeof first) => {
    return {
      username,
      identityKey: identity.publicKey,
      deviceList: bytes,
      deviceListSignature: signature,
    }
  }

  const added = readNextList(keptAs(first), second.bytes, second.signature)
  const revoked = readNextList(keptAs(second), third.bytes, third.signature)

  assert.deepEqual(findOnlyDifference(added.current.devices, added.next.devices), phone)
  assert.equal(findOnlyDifference(revoked.next.devices, revoked.current.devices)?.id, deviceId)
})

test('the server refuses a list of which a byte was changed', async () => {
  const { bytes, signature } = await createDeviceList(identity, username, deviceNamed(deviceId))

  for (let index = 0; index < bytes.length; index += 7) {
    const changed = Uint8Array.from(bytes)
    changed[index] = (changed[index] ?? 0) ^ 1
    assert.throws(() => readDeviceList(changed, signature), { code: 'BAD_USER_INPUT' })
  }
})

test('client and server agree about what a name is', () => {
  const names = [
    'alice',
    'ALICE',
    'al',
    'a_b',
    'a.b-c',
    'a'.repeat(32),
    'a'.repeat(33),
    'ä-b',
    '\u212Aate',
    'a b',
    '',
  ]

  for (const typed of names) {
    const inClient = normalizeInClient(typed)
    assert.equal(
      normalizeInServer(typed),
      inClient.kind === 'valid' ? inClient.username : null,
      typed,
    )
  }
})
