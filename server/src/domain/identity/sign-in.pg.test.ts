import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { createTestDatabase } from '../../../../tests/support/database.ts'
import { createDevice, proveSignIn } from '../../testing/device-lists.ts'
import { type IdentityServer, startIdentityServer } from '../../testing/identity-server.ts'
import { beginSignIn, type Person, signIn, signUp, viewerOf } from '../../testing/person.ts'
import { authenticate } from '../authenticate.ts'
import {
  ForbiddenError,
  InvalidInputError,
  TooManyAttemptsError,
  WrongPasswordError,
} from '../errors.ts'
import { finishSignIn } from './finish-sign-in.ts'
import { createOpaqueSetup } from './opaque-server.ts'

let server: IdentityServer
let otherServer: IdentityServer
let alice: Person
let drop: () => Promise<void>

before(async () => {
  const database = await createTestDatabase()
  drop = database.drop
  const options = { url: database.url, serverSetup: await createOpaqueSetup() }
  server = startIdentityServer(options)
  otherServer = startIdentityServer(options)
  alice = await signUp(server.deps, 'alice')
})
after(async () => {
  await server.close()
  await otherServer.close()
  await drop()
})

const wrong = (network: string, username = 'alice') =>
  beginSignIn(server.deps, { username, password: 'not it', network })

/** Lets time pass for the counters, and for nothing else. */
const passTime = (interval: string) =>
  server.query(
    `UPDATE attempts SET updated_at = updated_at - $1::interval, blocked_until = blocked_until - $1::interval`,
    [interval],
  )

async function waitOf(network: string): Promise<number> {
  const error = await wrong(network).then(
    () => assert.fail('the try was let through'),
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof TooManyAttemptsError)
  return error.retryAfterMs
}

test('a known device signs in on one server and is known to the others', async () => {
  const { token } = await signIn(server.deps, { ...alice, boundTo: alice.device })

  const viewer = await viewerOf(otherServer.deps, token)

  assert.equal(viewer.deviceId, alice.device.id)
})

test('the two steps may be made on two servers', async () => {
  const { signInId, proof } = await beginSignIn(server.deps, alice)
  assert.ok(proof)

  const signedIn = await finishSignIn(otherServer.deps, {
    signInId,
    finishLoginRequest: proof,
    deviceId: null,
    deviceProof: null,
  })

  assert.equal(signedIn.account.username, 'alice')
})

test('a password alone opens a session without a device, and gives the vault', async () => {
  const signedIn = await signIn(server.deps, alice)

  const viewer = await viewerOf(server.deps, signedIn.token)

  assert.equal(viewer.deviceId, null)
  assert.deepEqual(signedIn.account.vault, Uint8Array.of(1, 2, 3))
})

test('a name is found in any case', async () => {
  const { token } = await signIn(server.deps, { ...alice, username: 'alice', network: 'case' })
  const { signInId } = await wrong('case-2', 'ALICE')

  assert.ok(token)
  assert.ok(signInId)
})

test('fifteen parallel tries on two servers are three tries', async () => {
  const tries = Array.from({ length: 15 }, (_, index) =>
    beginSignIn((index % 2 === 0 ? server : otherServer).deps, {
      username: 'alice',
      password: 'not it',
      network: 'parallel',
    }),
  )

  const results = await Promise.allSettled(tries)

  const made = results.filter((result) => result.status === 'fulfilled')
  assert.equal(made.length, 3)
  assert.deepEqual(made.map(({ value }) => value.attemptsLeft).sort(), [0, 1, 2])
})

test('after three tries each wait is twice the one before, up to 15 minutes', async () => {
  for (let tries = 0; tries < 3; tries += 1) await wrong('patient')

  const waits: number[] = []
  for (let round = 0; round < 7; round += 1) {
    waits.push(await waitOf('patient'))
    await passTime(`${waits.at(-1)} milliseconds`)
    await wrong('patient')
  }

  const seconds = waits.map((wait) => Math.round(wait / 1000))
  assert.deepEqual(seconds, [30, 60, 120, 240, 480, 900, 900])
})

test('failures are forgotten after 15 minutes without one', async () => {
  await wrong('forgetful')
  await wrong('forgetful')

  await passTime('15 minutes 1 second')

  assert.equal((await wrong('forgetful')).attemptsLeft, 2)
})

test('a success forgets the failures before it', async () => {
  await wrong('home')
  await wrong('home')

  await signIn(server.deps, { ...alice, network: 'home' })

  assert.equal((await wrong('home')).attemptsLeft, 2)
})

test('failures in one network keep nobody out in another', async () => {
  for (let tries = 0; tries < 3; tries += 1) await wrong('cafe')

  await assert.rejects(wrong('cafe'), TooManyAttemptsError)
  assert.ok(await signIn(server.deps, { ...alice, network: 'office' }))
})

test('all networks together have a hundred tries an hour at most', async () => {
  const bob = await signUp(server.deps, 'bob')
  const tries = Array.from({ length: 60 }, (_, index) => wrong(`botnet-${index}`, bob.username))

  const results = await Promise.allSettled(tries)

  const refused = results.filter((result) => result.status === 'rejected')
  // Sign-up took one of the fifty that the bucket holds; it gains fifty an hour.
  assert.equal(refused.length, 11)
  assert.ok(refused.every(({ reason }) => reason instanceof TooManyAttemptsError))
})

test('a name that does not exist is answered like one that does', async () => {
  const known = await wrong('shape-1')
  const unknown = await wrong('shape-1', 'nobody-here')

  assert.deepEqual(Object.keys(unknown), Object.keys(known))
  assert.equal(unknown.loginResponse.length, known.loginResponse.length)
  assert.equal(unknown.attemptsLeft, known.attemptsLeft)
  assert.equal(unknown.proof, null)
})

test('a name that does not exist runs into the same wait', async () => {
  for (let tries = 0; tries < 3; tries += 1) await wrong('shape-2', 'nobody-there')

  await assert.rejects(wrong('shape-2', 'nobody-there'), TooManyAttemptsError)
})

test('a forged proof, a used sign-in, an old one and an invented one are answered alike', async () => {
  const { signInId: forged, proof } = await beginSignIn(server.deps, { ...alice, network: 'forge' })
  const { signInId: used, proof: usedProof } = await beginSignIn(server.deps, {
    ...alice,
    network: 'use',
  })
  const { signInId: old, proof: oldProof } = await beginSignIn(server.deps, {
    ...alice,
    network: 'age',
  })
  assert.ok(proof && usedProof && oldProof)
  const finish = (signInId: string, finishLoginRequest: string) =>
    finishSignIn(server.deps, { signInId, finishLoginRequest, deviceId: null, deviceProof: null })
  await finish(used, usedProof)
  await server.query(`UPDATE sign_ins SET expires_at = clock_timestamp() WHERE id = $1`, [old])

  await assert.rejects(finish(forged, usedProof), WrongPasswordError)
  await assert.rejects(finish(used, usedProof), WrongPasswordError)
  await assert.rejects(finish(old, oldProof), WrongPasswordError)
  await assert.rejects(finish(randomUUID(), proof), WrongPasswordError)
})

test('one sign-in opens one session, even when both servers are asked at once', async () => {
  const { signInId, proof } = await beginSignIn(server.deps, { ...alice, network: 'twice' })
  assert.ok(proof)
  const finish = ({ deps }: IdentityServer) =>
    finishSignIn(deps, { signInId, finishLoginRequest: proof, deviceId: null, deviceProof: null })

  const results = await Promise.allSettled([finish(server), finish(otherServer)])

  assert.deepEqual(results.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
})

test('a password without the key of a device does not bind to it', async () => {
  const mallory = createDevice()
  const { signInId, proof } = await beginSignIn(server.deps, { ...alice, network: 'bind' })
  assert.ok(proof)

  await assert.rejects(
    finishSignIn(server.deps, {
      signInId,
      finishLoginRequest: proof,
      deviceId: alice.device.id,
      deviceProof: proveSignIn({ ...mallory, id: alice.device.id }, signInId),
    }),
    ForbiddenError,
  )
})

test('a proof made for one sign-in is worthless in another', async () => {
  const first = await beginSignIn(server.deps, { ...alice, network: 'replay' })
  const second = await beginSignIn(server.deps, { ...alice, network: 'replay' })
  assert.ok(second.proof)

  await assert.rejects(
    finishSignIn(server.deps, {
      signInId: second.signInId,
      finishLoginRequest: second.proof,
      deviceId: alice.device.id,
      deviceProof: proveSignIn(alice.device, first.signInId),
    }),
    ForbiddenError,
  )
})

test("a device of somebody else's account is refused", async () => {
  const mallory = await signUp(server.deps, 'mallory')

  await assert.rejects(signIn(server.deps, { ...mallory, boundTo: alice.device }), ForbiddenError)
})

test('half a device is refused before the sign-in is used up', async () => {
  const { signInId, proof } = await beginSignIn(server.deps, { ...alice, network: 'half' })
  assert.ok(proof)
  const input = { signInId, finishLoginRequest: proof }

  await assert.rejects(
    finishSignIn(server.deps, { ...input, deviceId: alice.device.id, deviceProof: null }),
    InvalidInputError,
  )

  assert.ok(await finishSignIn(server.deps, { ...input, deviceId: null, deviceProof: null }))
})

for (const token of ['', 'x'.repeat(43), '\u0000', "' OR 1=1 --"])
  test(`${JSON.stringify(token)} opens nothing`, async () => {
    assert.equal(await authenticate(server.deps, token), null)
  })

test('an expired session opens nothing', async () => {
  const { token } = await signIn(server.deps, { ...alice, network: 'expiry' })
  const { sessionId } = await viewerOf(server.deps, token)

  await server.query('UPDATE sessions SET expires_at = clock_timestamp() WHERE id = $1', [
    sessionId,
  ])

  assert.equal(await authenticate(server.deps, token), null)
})
