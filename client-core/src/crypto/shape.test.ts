import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeCanonical, MalformedError } from './canonical-cbor.ts'
import {
  bytesOf,
  integer,
  isAscending,
  list,
  oneOf,
  parseCanonical,
  record,
  text,
} from './shape.ts'

const shape = record({
  v: oneOf(1),
  name: text((value) => value.length < 4),
  ages: list(integer({ min: 0, max: 9 }), 2),
  key: bytesOf(2),
})
const good = { v: 1, name: 'bob', ages: [1, 9], key: Uint8Array.of(1, 2) }

test('a value of the shape is read', () => {
  assert.deepEqual(parseCanonical(encodeCanonical(good), shape), good)
})

test('every value beside the shape is refused', () => {
  const { v: _v, ...lacking } = good
  const others = [
    lacking,
    { ...good, extra: 1 },
    { ...good, v: 2 },
    { ...good, v: '1' },
    { ...good, name: 'carol' },
    { ...good, ages: [1, 2, 3] },
    { ...good, ages: [10] },
    { ...good, ages: 1 },
    { ...good, key: Uint8Array.of(1) },
    { ...good, key: 'ab' },
    [good],
    'good',
  ]
  for (const other of others) {
    assert.throws(() => parseCanonical(encodeCanonical(other), shape), MalformedError)
  }
})

test('bytes that were read do not change with the buffer they came from', () => {
  const encoded = encodeCanonical(good)
  const parsed = parseCanonical(encoded, shape)

  encoded.fill(0)

  assert.deepEqual(parsed.key, good.key)
})

test('a list with an entry twice is not ascending', () => {
  assert.equal(isAscending(['a', 'b', 'c']), true)
  assert.equal(isAscending(['a', 'b', 'b']), false)
  assert.equal(isAscending(['b', 'a']), false)
})
