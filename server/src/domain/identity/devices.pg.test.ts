import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createTestDatabase } from '../../../../tests/support/database.ts'
import {
  createDevice,
  createIdentity,
  proveRegistration,
  type TestDevice,
} from '../../testing/device-lists.ts'
import { type IdentityServer, startIdentityServer } from '../../testing/identity-server.ts'
import { type Person, signIn, signUp, viewerOf } from '../../testing/person.ts'
import { authenticate } from '../authenticate.ts'
import {
  ConflictError,
  ForbiddenError,
  InvalidInputError,
  PayloadTooLargeError,
  UnauthenticatedError,
} from '../errors.ts'
import type { Viewer } from '../viewer.ts'
import { createOpaqueSetup } from './opaque-server.ts'
import { registerDevice } from './register-device.ts'
import { revokeDevice } from './revoke-device.ts'
import { signOut } from './sign-out.ts'

let server: IdentityServer
let drop: () => Promise<void>

before(async () => {
  const database = await createTestDatabase()
  drop = database.drop
  server = startIdentityServer({ url: database.url, serverSetup: await createOpaqueSetup() })
})
after(async () => {
  await server.close()
  await drop()
})

/** Somebody with one device who has just signed in on a second one. */
async function withNewDevice(username: string) {
  const person = await signUp(server.deps, username)
  const { token } = await signIn(server.deps, { ...person, network: `second-${username}` })
  return {
    person,
    token,
    viewer: await viewerOf(server.deps, token),
    device: createDevice('phone'),
  }
}

function register(
  viewer: Viewer,
  person: Person,
  device: TestDevice,
  list = person.identity.signList({ ...person, version: 2, devices: [person.device, device] }),
) {
  const deviceProof = proveRegistration(device, person.username)
  return registerDevice(server.deps, viewer, { ...list, deviceId: device.id, deviceProof })
}

async function keptVersion(username: string): Promise<unknown> {
  const [row] = await server.query(
    'SELECT device_list_version AS v FROM clients WHERE username = $1',
    [username],
  )
  return row?.v
}

test('a new device is registered, gets a mailbox, and its session is bound to it', async () => {
  const { person, token, viewer, device } = await withNewDevice('alice')

  const registered = await register(viewer, person, device)

  assert.equal(registered.account.deviceListVersion, 2)
  assert.equal((await viewerOf(server.deps, token)).deviceId, device.id)
  assert.equal(
    (await server.query('SELECT 1 FROM mailboxes WHERE device_id = $1', [device.id])).length,
    1,
  )
  assert.deepEqual(server.notes.at(-1), {
    kind: 'devices',
    clientId: viewer.clientId,
    username: 'alice',
    version: 2,
  })
})

test('a session that has a device registers no other', async () => {
  const { person, device } = await withNewDevice('bob')

  await assert.rejects(register(person.viewer, person, device), ForbiddenError)
})

test('a list is refused unless the identity key of the account signed it', async () => {
  const { person, viewer, device } = await withNewDevice('carol')
  const mallory = createIdentity()
  const draft = { username: 'carol', version: 2, devices: [person.device, device] }
  const own = person.identity.signList(draft)
  const forged = mallory.signList(draft)
  const posing = mallory.signList(draft, (list) => ({
    ...list,
    identityKey: person.identity.identityKey,
  }))

  for (const list of [forged, posing, { ...own, deviceListSignature: forged.deviceListSignature }])
    await assert.rejects(register(viewer, person, device, list), InvalidInputError)
  assert.equal(await keptVersion('carol'), 1)
})

test('a list that is rolled back, repeated or ahead is a conflict', async () => {
  const { person, viewer, device } = await withNewDevice('dora')

  for (const version of [1, 3, 2 ** 31 - 1]) {
    const list = person.identity.signList({ ...person, version, devices: [person.device, device] })
    await assert.rejects(register(viewer, person, device, list), ConflictError)
  }
})

test('a list that does more than add this device is refused', async () => {
  const { person, viewer, device } = await withNewDevice('eve')
  const changed = { ...person.device, encryptionKey: createDevice().encryptionKey }
  const renamed = { ...person.device, name: 'mine now' }
  const sets = [
    [device],
    [person.device],
    [changed, device],
    [renamed, device],
    [person.device, device, createDevice()],
    [person.device, createDevice()],
  ]

  for (const devices of sets) {
    const list = person.identity.signList({ ...person, version: 2, devices })
    await assert.rejects(register(viewer, person, device, list), InvalidInputError)
  }
  assert.equal(await keptVersion('eve'), 1)
})

test('a list with an extra field, another order, a weak key or a name for terminals is refused', async () => {
  const { person, viewer, device } = await withNewDevice('frank')
  type Draft = { devices: { id: string }[] }
  const changeNew = (change: object) => (list: Draft) => {
    return {
      ...list,
      devices: list.devices.map((each) => (each.id === device.id ? { ...each, ...change } : each)),
    }
  }
  const edits: ((list: Draft) => object)[] = [
    (list) => ({ ...list, note: 'hello' }),
    (list) => ({ ...list, devices: list.devices.toReversed() }),
    (list) => ({ ...list, v: 2 }),
    changeNew({ encryptionKey: new Uint8Array(422) }),
    changeNew({ encryptionKey: device.encryptionKey.subarray(1) }),
    changeNew({ signingKey: new Uint8Array(31) }),
    changeNew({ name: 'a\u0000b' }),
    changeNew({ name: '\u001b[2J' }),
    changeNew({ name: '' }),
    changeNew({ id: device.id.toUpperCase() }),
  ]

  for (const edit of edits) {
    const list = person.identity.signList(
      { ...person, version: 2, devices: [person.device, device] },
      (value) => edit(value as Draft),
    )
    await assert.rejects(register(viewer, person, device, list), InvalidInputError)
  }
})

test('a device whose key is not proved is refused', async () => {
  const { person, viewer, device } = await withNewDevice('gina')
  const list = person.identity.signList({ ...person, version: 2, devices: [person.device, device] })
  const deviceProof = proveRegistration({ ...createDevice(), id: device.id }, 'gina')

  await assert.rejects(
    registerDevice(server.deps, viewer, { ...list, deviceId: device.id, deviceProof }),
    ForbiddenError,
  )
})

test('of two devices that join at the same time one is told to try again', async () => {
  const { person, viewer, device } = await withNewDevice('henry')
  const { token } = await signIn(server.deps, { ...person, network: 'third' })
  const other = await viewerOf(server.deps, token)

  const results = await Promise.allSettled([
    register(viewer, person, device),
    register(other, person, createDevice()),
  ])

  const [refused] = results.filter((result) => result.status === 'rejected')
  assert.ok(refused?.reason instanceof ConflictError)
  assert.equal(await keptVersion('henry'), 2)
})

test('a session that was ended in the meantime registers nothing', async () => {
  const { person, viewer, device } = await withNewDevice('ida')
  await signOut(server.deps, viewer)

  await assert.rejects(register(viewer, person, device), UnauthenticatedError)
  assert.equal(await keptVersion('ida'), 1)
})

test('a seventeenth device is refused', async () => {
  const { person, viewer, device } = await withNewDevice('jack')
  const devices = [person.device, device, ...Array.from({ length: 15 }, () => createDevice())]
  const list = person.identity.signList({ ...person, version: 2, devices })

  await assert.rejects(register(viewer, person, device, list), PayloadTooLargeError)
})

test('revoking a device ends its sessions and its mailbox, and tells every server', async () => {
  const { person, token, viewer, device } = await withNewDevice('kate')
  await register(viewer, person, device)
  const list = person.identity.signList({ ...person, version: 3, devices: [person.device] })

  await revokeDevice(server.deps, person.viewer, { ...list, deviceId: device.id })

  assert.equal(await authenticate(server.deps, token), null)
  assert.ok(await authenticate(server.deps, person.signedIn.token))
  assert.equal(
    (await server.query('SELECT 1 FROM mailboxes WHERE device_id = $1', [device.id])).length,
    0,
  )
  const [row] = await server.query('SELECT added_in, revoked_in FROM devices WHERE id = $1', [
    device.id,
  ])
  assert.deepEqual(row, { added_in: 2, revoked_in: 3 })
  assert.deepEqual(server.notes.slice(-2), [
    { kind: 'session-revoked', sessionId: viewer.sessionId },
    { kind: 'devices', clientId: viewer.clientId, username: 'kate', version: 3 },
  ])
})

test('a revoked device neither signs in nor comes back', async () => {
  const { person, viewer, device } = await withNewDevice('liam')
  await register(viewer, person, device)
  const without = person.identity.signList({ ...person, version: 3, devices: [person.device] })
  await revokeDevice(server.deps, person.viewer, { ...without, deviceId: device.id })

  await assert.rejects(
    signIn(server.deps, { ...person, boundTo: device, network: 'late' }),
    ForbiddenError,
  )

  const { token } = await signIn(server.deps, { ...person, network: 'again' })
  const back = person.identity.signList({ ...person, version: 4, devices: [person.device, device] })
  await assert.rejects(
    register(await viewerOf(server.deps, token), person, device, back),
    ConflictError,
  )
})

test('a session opened in the moment of the revocation is worth nothing', async () => {
  const { person, token, viewer, device } = await withNewDevice('lena')
  await register(viewer, person, device)
  const without = person.identity.signList({ ...person, version: 3, devices: [person.device] })
  await revokeDevice(server.deps, person.viewer, { ...without, deviceId: device.id })

  await server.query('UPDATE sessions SET revoked_at = NULL WHERE id = $1', [viewer.sessionId])

  assert.equal(await authenticate(server.deps, token), null)
})

test('a revocation is refused unless it takes away this device and nothing else', async () => {
  const { person, viewer, device } = await withNewDevice('mia')
  await register(viewer, person, device)
  const sign = (version: number, devices: TestDevice[]) =>
    person.identity.signList({ ...person, version, devices })
  const refuse = (list: ReturnType<typeof sign>, kind: new (...args: never[]) => Error) =>
    assert.rejects(revokeDevice(server.deps, person.viewer, { ...list, deviceId: device.id }), kind)

  await refuse(sign(3, []), InvalidInputError)
  await refuse(sign(3, [device]), InvalidInputError)
  await refuse(sign(3, [person.device, device]), InvalidInputError)
  await refuse(sign(3, [{ ...person.device, name: 'x' }]), InvalidInputError)
  await refuse(sign(2, [person.device]), ConflictError)
  await refuse(
    createIdentity().signList({ ...person, version: 3, devices: [person.device] }),
    InvalidInputError,
  )
})

test('nobody revokes a device of somebody else', async () => {
  const victim = await signUp(server.deps, 'nora')
  const mallory = await signUp(server.deps, 'mallory')
  const list = mallory.identity.signList({ username: 'nora', version: 2, devices: [] })
  const own = mallory.identity.signList({ username: 'mallory', version: 2, devices: [] })

  for (const attempt of [list, own])
    await assert.rejects(
      revokeDevice(server.deps, mallory.viewer, { ...attempt, deviceId: victim.device.id }),
      InvalidInputError,
    )

  assert.ok(await authenticate(server.deps, victim.signedIn.token))
})

test('signing out ends the own session and no other, and frees the mailbox with the last one', async () => {
  const person = await signUp(server.deps, 'olga')
  const second = await signIn(server.deps, { ...person, boundTo: person.device })
  const attached = () =>
    server.query('SELECT 1 FROM mailboxes WHERE device_id = $1 AND attachment_id IS NOT NULL', [
      person.device.id,
    ])
  await server.query(
    `UPDATE mailboxes SET attachment_id = gen_random_uuid(), attached_server = 1 WHERE device_id = $1`,
    [person.device.id],
  )

  await signOut(server.deps, person.viewer)
  assert.equal(await authenticate(server.deps, person.signedIn.token), null)
  assert.equal((await attached()).length, 1)
  assert.deepEqual(server.notes.at(-1), {
    kind: 'session-revoked',
    sessionId: person.viewer.sessionId,
  })

  await signOut(server.deps, await viewerOf(server.deps, second.token))
  assert.equal((await attached()).length, 0)
})
