import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { withoutGifComments } from './gif-comments.ts'

const bytes = (...parts: (string | readonly number[])[]) =>
  new Uint8Array(
    Buffer.concat(
      parts.map((part) =>
        typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part),
      ),
    ),
  )

const head = bytes('GIF89a', [1, 0, 1, 0, 0x80, 0, 0], [0, 0, 0, 255, 255, 255])
const loop = bytes([0x21, 0xff, 11], 'NETSCAPE2.0', [3, 1, 0, 0, 0])
const frame = bytes(
  [0x21, 0xf9, 4, 0, 0, 0, 0, 0],
  [0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0],
)
const comment = bytes([0x21, 0xfe, 6], 'secret', [0])
const xmp = bytes([0x21, 0xff, 11], 'XMP DataXMP', [4], 'home', [0])
const end = bytes([0x3b])

test('comments and application data are gone, frames and looping stay', () => {
  const clean = withoutGifComments(bytes([...head, ...loop, ...comment, ...xmp, ...frame, ...end]))

  assert.deepEqual(clean, bytes([...head, ...loop, ...frame, ...end]))
})

test('what stands behind the end of the picture does not go along', () => {
  const clean = withoutGifComments(bytes([...head, ...frame, ...end], 'hidden'))

  assert.deepEqual(clean, bytes([...head, ...frame, ...end]))
})

test('any bytes at all are an answer and not an endless loop', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (rest) => {
      const clean = withoutGifComments(bytes([...head, ...rest]))
      assert.ok(clean === undefined || clean.length <= head.length + rest.length)
    }),
  )
})
