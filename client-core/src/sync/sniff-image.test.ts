import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { sniffImage } from './sniff-image.ts'

const pictures = {
  'image/png': bytes('89504e470d0a1a0a 0000000d 49484452 00000280 000001e0 08060000'),
  'image/gif': bytes('474946383961 8002 e001 f70000'),
  'image/jpeg': bytes('ffd8 ffe0 0004 0000 ffff fe 0003 41 ffc2 0011 08 01e0 0280 03'),
  'image/webp': bytes('52494646 00000000 57454250 56503820 00000000 000000 9d012a 8002 e001'),
}

for (const [type, picture] of Object.entries(pictures)) {
  test(`${type} is known by its bytes, with its size`, () => {
    assert.deepEqual(sniffImage(picture), { type, width: 640, height: 480 })
  })

  test(`${type} that is cut off anywhere before its size is nothing`, () => {
    const needed = type === 'image/gif' ? 10 : picture.length - (type === 'image/jpeg' ? 1 : 4)
    for (let length = 0; length < Math.min(needed, picture.length - 4); length++) {
      assert.equal(sniffImage(picture.subarray(0, length)), undefined, `${length} bytes`)
    }
  })
}

test('WebP has its size in three places', () => {
  const lossless = bytes('52494646 00000000 57454250 5650384c 00000000 2f 7fc27700')
  const extended = bytes('52494646 00000000 57454250 56503858 0a000000 00000000 7f0200 df0100')

  const size = { type: 'image/webp', width: 640, height: 480 }
  assert.deepEqual(sniffImage(lossless), size)
  assert.deepEqual(sniffImage(extended), size)
})

test('a picture that lies in the middle of other bytes is read there', () => {
  const whole = new Uint8Array(100)
  whole.set(pictures['image/png'], 7)

  assert.equal(sniffImage(whole.subarray(7))?.width, 640)
  assert.equal(sniffImage(whole), undefined)
})

test('what calls itself a picture and is none is nothing', () => {
  const texts = [
    '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    '<!doctype html><script>alert(1)</script>',
    '%PDF-1.7 GIF89a',
    '#!/bin/sh\n',
    '',
    'GIF89',
    'RIFF....WEBPJUNK..............................',
  ]
  for (const text of texts) assert.equal(sniffImage(new TextEncoder().encode(text)), undefined)
  const empty = bytes('89504e470d0a1a0a 0000000d 49484452 00000000 000001e0 0806000000')
  assert.equal(sniffImage(empty), undefined)
})

test('a huge picture in a small file says that it is huge', () => {
  const bomb = bytes('89504e470d0a1a0a 0000000d 49484452 00007530 00007530 08060000')

  assert.deepEqual(sniffImage(bomb), { type: 'image/png', width: 30_000, height: 30_000 })
})

test('no bytes make it throw or loop', () => {
  const heads = Object.values(pictures)
  const noise = fc.tuple(fc.constantFrom(...heads), fc.nat(30), fc.uint8Array({ maxLength: 400 }))

  fc.assert(
    fc.property(noise, ([head, kept, rest]) => {
      const found = sniffImage(Uint8Array.of(...head.subarray(0, kept), ...rest))
      assert.ok(found === undefined || (found.width > 0 && found.height > 0))
    }),
    { numRuns: 1000 },
  )
})

function bytes(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'))
}
