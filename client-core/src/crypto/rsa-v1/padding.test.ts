import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { concat } from '../bytes.ts'
import { MalformedError } from '../canonical-cbor.ts'
import { pad, unpad } from './padding.ts'

test('any content comes back from its padding, whose length is a multiple of 256', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 1024 }), (content) => {
      const padded = pad(content)
      assert.equal(padded.length % 256, 0)
      assert.ok(padded.length - content.length <= 256)
      assert.deepEqual(unpad(padded), new Uint8Array(content))
    }),
  )
})

test('T13: contents of 0 to 255 bytes are of one length', () => {
  assert.equal(pad(new Uint8Array(0)).length, 256)
  assert.equal(pad(new Uint8Array(255)).length, 256)
  assert.equal(pad(new Uint8Array(256)).length, 512)
})

test('bytes are refused or are the one padding of what they unpad to', () => {
  const blocks = fc.integer({ min: 0, max: 2 })
  const ending = fc.array(fc.constantFrom(0x00, 0x80, 0x01), { maxLength: 300 })
  fc.assert(
    fc.property(blocks, ending, (count, end) => {
      const padded = new Uint8Array(count * 256)
      padded.set(end.slice(0, padded.length), Math.max(0, padded.length - end.length))
      try {
        assert.deepEqual(pad(unpad(padded)), padded)
      } catch (error) {
        assert.ok(error instanceof MalformedError)
      }
    }),
  )
})

test('padding of another form is refused', () => {
  const short = pad(new Uint8Array(10))
  for (const other of [
    new Uint8Array(0),
    new Uint8Array(256),
    new Uint8Array(512).fill(0x80, 0, 1),
    short.slice(0, 255),
    concat(short, new Uint8Array(256)),
    new Uint8Array(256).fill(0x81),
  ]) {
    assert.throws(() => unpad(other), MalformedError)
  }
})
