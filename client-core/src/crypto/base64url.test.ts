import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { fromBase64url, toBase64url } from './base64url.ts'

test('bytes come back from their text, which is the one other programs write', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const text = toBase64url(bytes)
      assert.equal(text, Buffer.from(bytes).toString('base64url'))
      assert.deepEqual(fromBase64url(text), new Uint8Array(bytes))
    }),
  )
})

test('a text that is not the one form of some bytes is refused', () => {
  for (const text of ['A', 'AB', 'AA==', 'A+', 'A/', 'AA A', 'ÄÄ', '\n']) {
    assert.equal(fromBase64url(text), undefined, text)
  }
})
