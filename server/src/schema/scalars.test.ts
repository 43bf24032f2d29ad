import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decodeBase64url } from './scalars.ts'

test('bytes are base64url without padding and nothing else, whatever the decoder would make of it', () => {
  const nearlyFitting = fc.string({ unit: fc.constantFrom(...'AZaz09-_=+/ \n\0é€\ud800') })

  fc.assert(
    fc.property(fc.oneof(nearlyFitting, fc.string({ unit: 'binary' })), (text) => {
      const fits = /^[A-Za-z0-9_-]*$/.test(text) && text.length % 4 !== 1
      assert.equal(decodeBase64url(text) !== null, fits, JSON.stringify(text))
    }),
    { numRuns: 20_000 },
  )
})

test('bytes come back as they were written', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      assert.deepEqual(decodeBase64url(Buffer.from(bytes).toString('base64url')), bytes)
    }),
  )
})
