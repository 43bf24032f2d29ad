import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Bytes } from '../brands.ts'
import { person } from '../testing/vectors/people.ts'
import { utf8 } from './bytes.ts'
import { identityFingerprint } from './identity-fingerprint.ts'
import {
  type Account,
  compareSafetyNumberQr,
  formatSafetyNumber,
  iteratedFingerprint,
  safetyNumber,
} from './safety-number.ts'

async function account(name: 'alice' | 'bob' | 'mallory'): Promise<Account> {
  const { username, identity } = await person(name)
  return { username, identityKey: identity.publicKey }
}

const [alice, bob, mallory] = await Promise.all([
  account('alice'),
  account('bob'),
  account('mallory'),
])
const [alicesView, bobsView] = await Promise.all([
  safetyNumber(alice, bob),
  safetyNumber(bob, alice),
])
const bytesFromHex = (hex: string): Bytes => new Uint8Array(Buffer.from(hex, 'hex'))

test("the number is made as in Signal, by Signal's published vector", async () => {
  // signalapp/libsignal, rust/protocol/src/fingerprint.rs, version 1.
  const halves = await Promise.all([
    iteratedFingerprint(
      bytesFromHex('0506863bc66d02b40d27b8d49ca7c09e9239236f9d7d25d6fcca5ce13c7064d868'),
      utf8('+14152222222'),
    ),
    iteratedFingerprint(
      bytesFromHex('05f781b6fb32fed9ba1cf2de978d4d5da28dc34046ae814402b5c0dbd96fda907b'),
      utf8('+14153333333'),
    ),
  ])

  assert.equal(
    formatSafetyNumber(halves).replaceAll(' ', ''),
    '300354477692869396892869876765458257569162576843440918079131',
  )
})

test('both sides read the same twelve groups of five digits', () => {
  assert.match(alicesView.digits, /^\d{5}( \d{5}){11}$/)
  assert.equal(bobsView.digits, alicesView.digits)
})

test('T18: another key or another name gives another number', async () => {
  const otherKey = await safetyNumber(alice, { ...bob, identityKey: mallory.identityKey })
  const otherName = await safetyNumber(alice, { ...bob, username: mallory.username })

  assert.notEqual(otherKey.digits, alicesView.digits)
  assert.notEqual(otherName.digits, alicesView.digits)
  assert.equal(compareSafetyNumberQr(alicesView, otherKey.expectedQr), 'mismatch')
})

test('a scanned code matches only what the other side really shows', () => {
  assert.equal(compareSafetyNumberQr(alicesView, bobsView.qr), 'match')
  assert.equal(compareSafetyNumberQr(alicesView, alicesView.qr), 'mismatch')
  assert.equal(compareSafetyNumberQr(alicesView, utf8('https://example.org')), 'unreadable')
})

test('another identity key is another picture', async () => {
  const picture = await identityFingerprint(alice.identityKey)

  assert.equal(picture.length, 32)
  assert.notDeepEqual(await identityFingerprint(bob.identityKey), picture)
})
