import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { concat, utf8 } from './bytes.ts'
import { createStorageKey, importStorageKey, openRecord, sealRecord } from './local-record.ts'
import { SecretBytes } from './secret-bytes.ts'

const storageKey = await createStorageKey({ extractable: true })
const place = { collection: 'messages', key: 'direct:alice:bob/1' }

test('T26: any record comes back from its place and is not readable in storage', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 16 }), async (bytes) => {
      const content = concat(bytes)
      const sealed = await sealRecord(storageKey, place, content)
      assert.deepEqual(await openRecord(storageKey, place, sealed), content)
      assert.ok(!Buffer.from(sealed).includes(Buffer.from(content)))
    }),
  )
})

test('a record moved to another place, damaged or cut does not open', async () => {
  const sealed = await sealRecord(storageKey, place, utf8('hello'))
  const bent = concat(sealed)
  bent[20] = (bent[20] ?? 0) ^ 1

  assert.equal(await openRecord(storageKey, { ...place, key: 'other' }, sealed), undefined)
  assert.equal(await openRecord(storageKey, { ...place, collection: 'other' }, sealed), undefined)
  assert.equal(await openRecord(storageKey, place, bent), undefined)
  for (const length of sealed.keys()) {
    assert.equal(await openRecord(storageKey, place, sealed.slice(0, length)), undefined)
  }
})

test('the border between collection and key cannot be moved', async () => {
  const sealed = await sealRecord(storageKey, { collection: 'a', key: 'bc' }, utf8('hello'))

  assert.equal(await openRecord(storageKey, { collection: 'ab', key: 'c' }, sealed), undefined)
  await assert.rejects(sealRecord(storageKey, { collection: 'a\0b', key: 'c' }, utf8('x')), /zero/)
})

test('an exported storage key opens the same records again', async () => {
  const sealed = await sealRecord(storageKey, place, utf8('hello'))
  const raw = new Uint8Array(await crypto.subtle.exportKey('raw', storageKey))
  const imported = await importStorageKey(new SecretBytes(raw))

  assert.deepEqual(await openRecord(imported, place, sealed), utf8('hello'))
  assert.equal(imported.extractable, false)
})
