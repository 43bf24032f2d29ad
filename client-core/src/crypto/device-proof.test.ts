import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Username } from '../brands.ts'
import { bytesFrom, person, readVector } from '../testing/vectors/people.ts'
import { toBase64url } from './base64url.ts'
import { proveAttach, proveRegistration, proveSignIn } from './device-proof.ts'

interface Proofs {
  readonly deviceId: string
  readonly attach: {
    readonly serverId: string
    readonly challenge: string
    readonly signedBytes: string
    readonly signature: string
  }
  readonly registration: {
    readonly username: Username
    readonly signedBytes: string
    readonly signature: string
  }
  readonly signIn: {
    readonly signInId: string
    readonly signedBytes: string
    readonly signature: string
  }
}

const proofs = readVector<Proofs>('../../../../tests/vectors/device-proof.json')
const [device] = (await person('alice')).devices

test('every proof is the one that servers were built to check', async () => {
  const { deviceId, attach, registration, signIn } = proofs
  const { serverId } = attach
  const challenge = bytesFrom(attach.challenge)
  const { username } = registration
  const { signInId } = signIn

  assert.equal(deviceId, device.id)
  assert.equal(
    toBase64url(await proveAttach(device.keys, { serverId, deviceId, challenge })),
    attach.signature,
  )
  assert.equal(
    toBase64url(await proveRegistration(device.keys, { username, deviceId })),
    registration.signature,
  )
  assert.equal(
    toBase64url(await proveSignIn(device.keys, { signInId, deviceId })),
    signIn.signature,
  )
})

test('the signed bytes of the vector are the ones its signatures hold for', async () => {
  const key = await crypto.subtle.importKey('raw', device.signingKey, 'Ed25519', false, ['verify'])
  for (const { signedBytes, signature } of [proofs.attach, proofs.registration, proofs.signIn]) {
    assert.ok(
      await crypto.subtle.verify('Ed25519', key, bytesFrom(signature), bytesFrom(signedBytes)),
    )
  }
})

test('a proof for one server is none for another, whatever its challenge', async () => {
  const { deviceId } = proofs
  const proveTo = (serverId: string, challenge: string) =>
    proveAttach(device.keys, { serverId, deviceId, challenge: bytesFrom(challenge) })

  assert.notDeepEqual(await proveTo('1', 'AAAA'), await proveTo('2', 'AAAA'))
})

test('a device id of another form is not signed', async () => {
  const deviceId = device.id.toUpperCase()

  await assert.rejects(proveSignIn(device.keys, { signInId: 's', deviceId }), /lower-case UUID/)
})
