import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createTestDatabase } from '../../../../tests/support/database.ts'
import { createDevice, createIdentity, proveRegistration } from '../../testing/device-lists.ts'
import { type IdentityServer, startIdentityServer } from '../../testing/identity-server.ts'
import { register, signIn, signUp, viewerOf } from '../../testing/person.ts'
import {
  ConflictError,
  ForbiddenError,
  InvalidInputError,
  NameTakenError,
  RateLimitedError,
} from '../errors.ts'
import { type FinishSignUp, finishSignUp } from './finish-sign-up.ts'
import { createOpaqueSetup } from './opaque-server.ts'
import { startSignUp } from './start-sign-up.ts'

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

/** A whole sign-up that would succeed, to be spoilt in one place. */
async function draft(username: string): Promise<FinishSignUp> {
  const device = createDevice()
  return {
    username,
    registrationRecord: await register(server.deps, {
      username,
      password: 'pw',
      network: `net-${username}`,
    }),
    vault: Uint8Array.of(1),
    vaultVersion: 1,
    ...createIdentity().signList({ username, version: 1, devices: [device] }),
    deviceId: device.id,
    deviceProof: proveRegistration(device, username),
  }
}

const finish = (input: FinishSignUp) => finishSignUp(server.deps, `net-${input.username}`, input)

test('a sign-up opens a session of the first device and gives it a mailbox', async () => {
  const alice = await signUp(server.deps, 'alice')

  const viewer = await viewerOf(server.deps, alice.signedIn.token)

  assert.equal(viewer.username, 'alice')
  assert.equal(viewer.deviceId, alice.device.id)
  const mailboxes = await server.query('SELECT 1 FROM mailboxes WHERE device_id = $1', [
    alice.device.id,
  ])
  assert.equal(mailboxes.length, 1)
})

test('neither password nor token is kept', async () => {
  const bob = await signUp(server.deps, 'bob', { password: 'correct horse battery staple' })

  const rows = await server.query(`SELECT c::text AS client, s::text AS session
    FROM clients c JOIN sessions s ON s.client_id = c.id WHERE c.username = 'bob'`)

  const kept = JSON.stringify(rows)
  assert.doesNotMatch(kept, /correct horse/)
  assert.ok(!kept.includes(Buffer.from(bob.signedIn.token).toString('hex')))
  assert.ok(!kept.includes(bob.signedIn.token))
})

test('a name that exists is refused at both steps, and its owner still signs in', async () => {
  const carol = await signUp(server.deps, 'carol')
  const mallory = await draft('mallory-1')
  const device = createDevice()
  const forged = {
    ...mallory,
    username: 'carol',
    ...createIdentity().signList({ username: 'carol', version: 1, devices: [device] }),
    deviceId: device.id,
    deviceProof: proveRegistration(device, 'carol'),
  }

  await assert.rejects(
    register(server.deps, { username: 'carol', password: 'pw', network: 'm' }),
    NameTakenError,
  )
  await assert.rejects(finish(forged), NameTakenError)

  assert.ok(await signIn(server.deps, { ...carol, boundTo: carol.device }))
})

test('case does not make another name', async () => {
  await signUp(server.deps, 'dora')

  await assert.rejects(
    register(server.deps, { username: 'DORA', password: 'pw', network: 'net' }),
    NameTakenError,
  )
})

for (const [name, lookAlike] of [
  ['b0bby', 'bobby'],
  ['ali.ce', 'ali_ce'],
  ['wi11iam', 'william'],
  ['vvilma', 'wilma'],
  ['ernest', 'emest'],
] as const)
  test(`${lookAlike} is refused while there is ${name}`, async () => {
    await signUp(server.deps, name)

    await assert.rejects(
      register(server.deps, { username: lookAlike, password: 'pw', network: lookAlike }),
      NameTakenError,
    )
  })

test('of two people who want one name at the same time, one gets it', async () => {
  const drafts = [await draft('eve'), await draft('eve')]

  const results = await Promise.allSettled(drafts.map(finish))

  const refused = results.filter((result) => result.status === 'rejected')
  assert.equal(refused.length, 1)
  assert.ok(refused[0]?.reason instanceof NameTakenError)
})

for (const name of ['al', 'a'.repeat(33), 'bob smith', 'bob\u0000', 'bоb', '\u212Aelvin'])
  test(`${JSON.stringify(name)} is no name`, async () => {
    await assert.rejects(
      startSignUp(server.deps, 'net', { username: name, registrationRequest: 'x' }),
      InvalidInputError,
    )
  })

test('a device id of somebody else is refused', async () => {
  const frank = await signUp(server.deps, 'frank')
  const stolen = { ...createDevice(), id: frank.device.id }

  await assert.rejects(
    finish({
      ...(await draft('mallory-2')),
      ...createIdentity().signList({ username: 'mallory-2', version: 1, devices: [stolen] }),
      deviceId: stolen.id,
      deviceProof: proveRegistration(stolen, 'mallory-2'),
    }),
    ConflictError,
  )
})

test('a device that does not prove its key is refused', async () => {
  const input = await draft('gina')

  await assert.rejects(
    finish({ ...input, deviceProof: proveRegistration(createDevice(), 'gina') }),
    ForbiddenError,
  )
  await assert.rejects(finish({ ...input, deviceProof: new Uint8Array(64) }), ForbiddenError)
})

test('a list that is not the first one of this name and device is refused', async () => {
  const input = await draft('henry')
  const identity = createIdentity()
  const device = createDevice()
  const proof = { deviceId: device.id, deviceProof: proveRegistration(device, 'henry') }
  const lists = [
    identity.signList({ username: 'alice', version: 1, devices: [device] }),
    identity.signList({ username: 'henry', version: 2, devices: [device] }),
    identity.signList({ username: 'henry', version: 1, devices: [] }),
    identity.signList({ username: 'henry', version: 1, devices: [device, createDevice()] }),
    identity.signList({ username: 'henry', version: 1, devices: [createDevice()] }),
  ]

  for (const list of lists)
    await assert.rejects(finish({ ...input, ...list, ...proof }), InvalidInputError)
})

test('a registration record that no sign-in could use is refused', async () => {
  const input = await draft('ida')

  await assert.rejects(finish({ ...input, registrationRecord: 'AAAA' }), InvalidInputError)
})

test('a network has ten sign-ups an hour', async () => {
  const attempts = Array.from({ length: 21 }, (_, index) =>
    startSignUp(server.deps, 'one-network', {
      username: `person-${index}`,
      registrationRequest: 'x',
    }),
  )

  const results = await Promise.allSettled(attempts)

  const limited = results.filter(
    (result) => result.status === 'rejected' && result.reason instanceof RateLimitedError,
  )
  assert.equal(limited.length, 1)
})
