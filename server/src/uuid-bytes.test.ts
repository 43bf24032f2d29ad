import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readUuid, writeUuid } from './uuid-bytes.ts'

test('a UUID is written as the bytes of its digits, wherever it is to go, and read again', () => {
  fc.assert(
    fc.property(fc.uuid(), fc.nat(100), fc.boolean(), (uuid, at, isUpperCase) => {
      const bytes = Buffer.alloc(120)

      const end = writeUuid(bytes, at, isUpperCase ? uuid.toUpperCase() : uuid)

      assert.equal(end, at + 16)
      assert.equal(bytes.toString('hex', at, end), uuid.replaceAll('-', ''))
      assert.ok(bytes.subarray(0, at).every((byte) => byte === 0))
      assert.ok(bytes.subarray(end).every((byte) => byte === 0))
      assert.equal(readUuid(bytes, at), uuid)
    }),
  )
})
