import { createCipheriv } from 'node:crypto'
import type { Bytes } from '../../brands.ts'
import { concat } from '../../crypto/bytes.ts'

const blockLength = 16

/**
 * One AES-GCM ciphertext with one tag that opens under two keys to two contents ("invisible
 * salamander", Dodis et al. 2018, eprint 2019/016). `mine` is read under the first key in the
 * first block, `other` under the second key in the second; one more block makes the tags agree.
 * Both contents end in the padding mark.
 */
export function makeSalamander(
  keys: readonly [Bytes, Bytes],
  texts: readonly [Bytes, Bytes],
  additionalData: Bytes,
): { iv: Bytes; ciphertext: Bytes } {
  const blocks = 16
  const iv = findIv(keys, blocks)
  const streams = keys.map((key) => keyStream(key, iv, blocks)) as [Bytes, Bytes]
  const body = new Uint8Array(blocks * blockLength)
  body.set(xor(texts[0], streams[0].subarray(0, blockLength)), 0)
  body.set(xor(texts[1], streams[1].subarray(blockLength, 2 * blockLength)), blockLength)
  // The padding mark: `findIv` has made both key streams end alike.
  body[body.length - 1] = 0x80 ^ (streams[0].at(-1) ?? 0)

  const tags = keys.map((key) => gcmTag(key, iv, additionalData, body)) as [bigint, bigint]
  const free = 2
  const power = blocks - free + 1
  const [h0, h1] = keys.map((key) => raise(hashKey(key), power)) as [bigint, bigint]
  const correction = multiply(tags[0] ^ tags[1], invert(h0 ^ h1))
  body.set(toBlock(correction), free * blockLength)
  const tag = toBlock(gcmTag(keys[0], iv, additionalData, body))
  return { iv, ciphertext: concat(body, tag) }
}

/** An iv with which the last key stream byte is the same under both keys: one in 256 is. */
function findIv(keys: readonly [Bytes, Bytes], blocks: number): Bytes {
  for (let counter = 0; counter < 100_000; counter++) {
    const iv = new Uint8Array(12)
    new DataView(iv.buffer).setUint32(8, counter)
    const [one, other] = keys.map((key) => keyStream(key, iv, blocks).at(-1))
    if (one === other) return iv
  }
  throw new Error('no iv found')
}

function keyStream(key: Bytes, iv: Bytes, blocks: number): Bytes {
  const counters = Array.from({ length: blocks }, (_, index) => counterBlock(iv, index + 2))
  return encryptBlocks(key, concat(...counters))
}

/** NIST SP 800-38D §7.1: GHASH over data, text and lengths, masked by the first counter block. */
function gcmTag(key: Bytes, iv: Bytes, additionalData: Bytes, body: Bytes): bigint {
  const lengths = new Uint8Array(blockLength)
  const view = new DataView(lengths.buffer)
  view.setUint32(4, additionalData.length * 8)
  view.setUint32(12, body.length * 8)
  const input = concat(additionalData, body, lengths)
  const h = hashKey(key)
  let hash = 0n
  for (let offset = 0; offset < input.length; offset += blockLength) {
    hash = multiply(hash ^ toField(input.subarray(offset, offset + blockLength)), h)
  }
  return hash ^ toField(encryptBlocks(key, counterBlock(iv, 1)))
}

function hashKey(key: Bytes): bigint {
  return toField(encryptBlocks(key, new Uint8Array(blockLength)))
}

function counterBlock(iv: Bytes, counter: number): Bytes {
  const block = new Uint8Array(blockLength)
  block.set(iv)
  new DataView(block.buffer).setUint32(12, counter)
  return block
}

function encryptBlocks(key: Bytes, blocks: Bytes): Bytes {
  return new Uint8Array(createCipheriv('aes-256-ecb', key, null).update(blocks))
}

/** SP 800-38D §6.3: the first bit is the lowest power of x. */
function multiply(left: bigint, right: bigint): bigint {
  const reduction = 0xe1n << 120n
  let product = 0n
  let shifted = right
  for (let bit = 127n; bit >= 0n; bit--) {
    if ((left >> bit) & 1n) product ^= shifted
    shifted = shifted & 1n ? (shifted >> 1n) ^ reduction : shifted >> 1n
  }
  return product
}

function raise(base: bigint, exponent: number): bigint {
  let result = base
  for (let round = 1; round < exponent; round++) result = multiply(result, base)
  return result
}

/** a^(2^128 - 2), the inverse in a field of 2^128 elements. */
function invert(value: bigint): bigint {
  let result = 1n << 127n
  let square = value
  for (let bit = 1; bit < 128; bit++) {
    square = multiply(square, square)
    result = multiply(result, square)
  }
  return result
}

function toField(block: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(block).toString('hex')}`)
}

function toBlock(value: bigint): Bytes {
  return new Uint8Array(Buffer.from(value.toString(16).padStart(32, '0'), 'hex'))
}

function xor(left: Uint8Array, right: Uint8Array): Bytes {
  return Uint8Array.from(left, (byte, index) => byte ^ (right[index] ?? 0))
}
