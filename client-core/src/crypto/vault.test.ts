import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Bytes, Username } from '../brands.ts'
import { person } from '../testing/vectors/people.ts'
import { encryptAes, importAesKey } from './aead.ts'
import { noBytes, utf8 } from './bytes.ts'
import { encodeCanonical } from './canonical-cbor.ts'
import { SecretBytes } from './secret-bytes.ts'
import { openVault, sealVault, type VaultOwner } from './vault.ts'

const [alice, mallory] = await Promise.all([person('alice'), person('mallory')])
const rawExportKey = () => new Uint8Array(64).fill(7)
const owner: VaultOwner = { username: alice.username, exportKey: new SecretBytes(rawExportKey()) }
const vault = await sealVault(owner, alice.identity, 3)

test('the password key opens the vault and gives the identity back', async () => {
  const result = await openVault(owner, vault, 3)

  assert.ok(result.kind === 'opened')
  assert.deepEqual(result.identity.publicKey, alice.identity.publicKey)
  assert.equal(result.version, 3)
  assert.equal(result.identity.signingKey.extractable, false)
})

test('another password key, or the vault under another name, does not open it', async () => {
  const otherKey = new SecretBytes(new Uint8Array(64).fill(8))
  const damaged = { kind: 'refused', reason: 'damaged' }

  assert.deepEqual(await openVault({ ...owner, exportKey: otherKey }, vault, 1), damaged)
  assert.deepEqual(
    await openVault({ ...owner, username: 'mallory' as Username }, vault, 1),
    damaged,
  )
})

test('T4: a server that brings back an old vault is refused', async () => {
  assert.deepEqual(await openVault(owner, vault, 4), { kind: 'refused', reason: 'rolled-back' })
})

test('T15: a vault with any bit flipped is refused and gives no key', async () => {
  for (let bit = 0; bit < vault.length * 8; bit++) {
    const bent = new Uint8Array(vault)
    bent[bit >> 3] = (bent[bit >> 3] ?? 0) ^ (1 << (bit & 7))

    const result = await openVault(owner, bent, 1)

    assert.equal(result.kind, 'refused', `bit ${bit}`)
    assert.ok(!('identity' in result))
  }
})

test('T15: halves of two key pairs in one well-sealed vault are refused', async () => {
  const mixed = await sealMixedVault(mallory.identity.publicKey)

  assert.deepEqual(await openVault(owner, mixed, 1), { kind: 'refused', reason: 'damaged' })
  assert.equal(
    (await openVault(owner, await sealMixedVault(alice.identity.publicKey), 1)).kind,
    'opened',
  )
})

/** A vault as `sealVault` makes it, around a public key of the caller's choice. */
async function sealMixedVault(identityKey: Bytes): Promise<Bytes> {
  const { subtle } = globalThis.crypto
  const material = await subtle.importKey('raw', rawExportKey(), 'HKDF', false, ['deriveBits'])
  const derivation = {
    name: 'HKDF',
    hash: 'SHA-256',
    salt: noBytes,
    info: utf8('fastchat/vault/v1'),
  }
  const raw = new Uint8Array(await subtle.deriveBits(derivation, material, 256))
  const content = alice.identity.secret.expose((identitySecret) =>
    encodeCanonical({ identityKey, identitySecret }),
  )
  const place = encodeCanonical({ purpose: 'vault', username: 'alice', version: 3 })
  const box = await encryptAes(await importAesKey(raw, 'encrypt'), content, place)
  return encodeCanonical({ v: 1, version: 3, ...box })
}
