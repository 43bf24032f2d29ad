import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Bytes } from '../brands.ts'
import { person } from '../testing/vectors/people.ts'
import { decodeCanonical, encodeCanonical } from './canonical-cbor.ts'
import { exportDeviceKeys, generateDeviceKeys, importDeviceKeys } from './device-keys.ts'
import { importIdentity } from './identity.ts'
import { isRsa3072PublicKey } from './rsa-oaep.ts'
import { SecretBytes } from './secret-bytes.ts'

const exportable = await generateDeviceKeys({ extractable: true })
const copy = (bytes: Bytes) => new Uint8Array(bytes)

test('a browser gets keys that no script can carry away', async () => {
  const [{ keys }] = (await person('alice')).devices

  assert.equal(keys.privateKeys.decryption.extractable, false)
  assert.equal(keys.privateKeys.signing.extractable, false)
  await assert.rejects(exportDeviceKeys(keys))
})

test('exported keys come back with the same public halves', async () => {
  const secret = await exportDeviceKeys(exportable)
  const imported = await importDeviceKeys(secret, { extractable: false })

  assert.deepEqual(imported.encryptionKey, exportable.encryptionKey)
  assert.deepEqual(imported.signingKey, exportable.signingKey)
  assert.equal(imported.privateKeys.decryption.extractable, false)
  assert.ok(isRsa3072PublicKey(exportable.encryptionKey))
})

test('T15: keys whose halves do not belong together are refused', async () => {
  const [bob] = (await person('bob')).devices
  const stored = (await exportDeviceKeys(exportable)).expose(decodeCanonical)
  for (const swapped of [{ encryptionKey: bob.encryptionKey }, { signingKey: bob.signingKey }]) {
    const mixed = new SecretBytes(encodeCanonical({ ...(stored as object), ...swapped }))

    await assert.rejects(importDeviceKeys(mixed, { extractable: false }))
  }
})

test('T15: an identity whose halves do not belong together is refused', async () => {
  const [alice, mallory] = await Promise.all([person('alice'), person('mallory')])
  const secret = new SecretBytes(alice.identity.secret.expose(copy))

  await assert.rejects(importIdentity(mallory.identity.publicKey, secret), /belong/)
})
