import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decodeCanonical, encodeCanonical, MalformedError } from './canonical-cbor.ts'

const bytesOf = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'))

const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed()),
    fc.maxSafeInteger().map((number) => number + 0),
    fc.boolean(),
    fc.uint8Array(),
    fc.array(tie('tree')),
    fc.dictionary(fc.string(), tie('tree'), { noNullPrototype: true }),
  ),
}))

test('what is encoded decodes to the same value', () => {
  fc.assert(
    fc.property(tree, (value) => {
      const encoded = encodeCanonical(value as never)
      assert.deepEqual(encodeCanonical(decodeCanonical(encoded)), encoded)
    }),
  )
})

test('arbitrary bytes are refused or are the one encoding of what they decode to', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      try {
        assert.deepEqual(encodeCanonical(decodeCanonical(bytes)), bytes)
      } catch (error) {
        assert.ok(error instanceof MalformedError)
      }
    }),
    { numRuns: 2000 },
  )
})

test('the order of fields in the source does not change the bytes', () => {
  assert.deepEqual(encodeCanonical({ b: 1, aa: 2, a: 3 }), encodeCanonical({ a: 3, b: 1, aa: 2 }))
})

test('every second way to write a value is refused', () => {
  const refused = {
    'bytes after the end': '0101',
    'an over-long integer': '1801',
    'an over-long length': '580161',
    'map keys in another order': 'a2616201616101',
    'a key twice': 'a2616101616102',
    'an indefinite length': '9f01ff',
    'a float': 'f93e00',
    'a whole number as a float': 'f93c00',
    'a number above 2^53': '1b0020000000000000',
    null: 'f6',
    undefined: 'f7',
    'a tag': 'c101',
    'broken UTF-8': '61ff',
    'an integer as key': 'a10101',
    'nothing at all': '',
    'a list cut short': '8201',
  }
  for (const [name, hex] of Object.entries(refused)) {
    assert.throws(() => decodeCanonical(bytesOf(hex)), MalformedError, name)
  }
})

test('nesting without end is refused and does not overflow', () => {
  assert.throws(() => decodeCanonical(new Uint8Array(1_000_000).fill(0x81)), MalformedError)
})

test('a field that would change what a map inherits stays a field', () => {
  const encoded = bytesOf('a1695f5f70726f746f5f5fa1616101')

  assert.deepEqual(encodeCanonical(decodeCanonical(encoded)), encoded)
})

test('floats and null are never encoded', () => {
  for (const value of [1.5, Number.NaN, 2 ** 53, null, undefined]) {
    assert.throws(() => encodeCanonical({ value } as never), MalformedError)
  }
})
