import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { bytesFrom } from '../testing/vectors/people.ts'
import { importAesKey } from './aead.ts'
import { toBase64url } from './base64url.ts'
import { randomBytes } from './bytes.ts'
import {
  type ChunkPlace,
  chunkCountOf,
  chunkShape,
  fileChunkBytes,
  openChunk,
  sealChunk,
  sealedFileSize,
} from './file-chunks.ts'
import { sha256 } from './hash.ts'
import { createMessageId } from './ids.ts'
import { openFile, sealFile } from './sealed-file.ts'

const maxBytes = 10_485_760

test('chunks cover a file of any size exactly, and only the last one is shorter', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: maxBytes }), (size) => {
      const shapes = Array.from({ length: chunkCountOf(size) }, (_, index) => {
        return chunkShape(size, index)
      })
      const last = shapes.at(-1)
      assert.equal(
        shapes.reduce((sum, { bytes }) => sum + bytes, 0),
        size,
      )
      assert.equal(
        shapes.reduce((sum, { sealedBytes }) => sum + sealedBytes, 0),
        sealedFileSize(size),
      )
      assert.ok(
        shapes.slice(0, -1).every(({ bytes, isLast }) => bytes === fileChunkBytes && !isLast),
      )
      assert.ok(last?.isLast && last.bytes >= 1 && last.bytes <= fileChunkBytes)
      assert.ok(shapes.length <= 160)
    }),
  )
})

test('a chunk opens at its place and nowhere else', async () => {
  const raw = randomBytes(32)
  const [seal, open] = [await importAesKey(raw, 'encrypt'), await importAesKey(raw, 'decrypt')]
  const place = fc.record({
    fileId: fc.nat(1000).map((at) => createMessageId(at * 1000, null)),
    index: fc.oneof(fc.nat(160), fc.nat(2 ** 32 - 1)),
    isLast: fc.boolean(),
  })

  await fc.assert(
    fc.asyncProperty(place, place, fc.uint8Array({ minLength: 1 }), async (one, other, bytes) => {
      const plaintext = new Uint8Array(bytes)
      const sealed = await sealChunk(seal, one, plaintext)
      assert.equal(sealed.length, plaintext.length + 16)
      assert.deepEqual(await openChunk(open, one, sealed), plaintext)
      if (!isSame(one, other)) assert.equal(await openChunk(open, other, sealed), undefined)
      assert.equal(await openChunk(open, { ...one, isLast: !one.isLast }, sealed), undefined)
    }),
  )
})

test('a file opens only as the whole that was sealed', async () => {
  const sizes = [1, fileChunkBytes - 1, fileChunkBytes, fileChunkBytes + 1, 3 * fileChunkBytes + 7]
  for (const size of sizes) {
    const content = filled(size)
    const { secret, chunks } = await sealFile(createMessageId(1, null), content)

    assert.deepEqual(await openFile(secret, chunks), content)
    assert.equal(await openFile(secret, chunks.slice(0, -1)), undefined)
    assert.equal(await openFile(secret, [...chunks, chunks[0] ?? content]), undefined)
    assert.equal(await openFile({ ...secret, size: size + 1 }, chunks), undefined)
    assert.equal(await openFile({ ...secret, hash: randomBytes(32) }, chunks), undefined)
    if (chunks.length > 1) assert.equal(await openFile(secret, chunks.toReversed()), undefined)
  }
})

test('a hash that fits does not make a changed, moved or foreign chunk open', async () => {
  const { secret, chunks } = await sealFile(createMessageId(1, null), filled(4 * fileChunkBytes))
  const other = await sealFile(createMessageId(2, null), filled(4 * fileChunkBytes))
  const change = fc.oneof(
    fc.record({ kind: fc.constant('flip' as const), at: fc.nat(3), bit: fc.nat(65_552 * 8 - 1) }),
    fc.record({ kind: fc.constant('swap' as const), at: fc.nat(3), with: fc.nat(3) }),
    fc.record({ kind: fc.constant('foreign' as const), at: fc.nat(3) }),
    fc.record({
      kind: fc.constant('cut' as const),
      at: fc.nat(3),
      bytes: fc.integer({ min: 1, max: 99 }),
    }),
    fc.record({ kind: fc.constant('drop' as const), at: fc.nat(3) }),
    fc.record({ kind: fc.constant('repeat' as const), at: fc.nat(3) }),
  )

  await fc.assert(
    fc.asyncProperty(change, async (how) => {
      const changed = spoiled(chunks, other.chunks, how)
      if (changed === undefined) return
      const hash = await sha256(...changed)
      assert.equal(await openFile({ ...secret, hash }, changed), undefined)
    }),
    { numRuns: 60 },
  )
})

test('every file has a key of its own, also the same file a second time', async () => {
  const fileId = createMessageId(1, null)
  const [one, other] = [await sealFile(fileId, filled(20)), await sealFile(fileId, filled(20))]

  assert.notDeepEqual(one.secret.key, other.secret.key)
  assert.notDeepEqual(one.chunks, other.chunks)
  assert.equal(await openFile(one.secret, other.chunks), undefined)
})

test('a file sealed long ago still has the same bytes, and opens', async () => {
  const file = new URL('../../../tests/vectors/sealed-file.json', import.meta.url)
  const vector = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly fileId: string
    readonly key: string
    readonly size: number
    readonly hash: string
    readonly chunkHashes: readonly string[]
    readonly lastChunk: string
  }
  const { fileId, size } = vector
  const key = bytesFrom(vector.key)
  const seal = await importAesKey(key, 'encrypt')
  const content = Uint8Array.from({ length: size }, (_, index) => index % 251)

  const chunks = await Promise.all(
    vector.chunkHashes.map((_, index) => {
      const { isLast, bytes } = chunkShape(size, index)
      const start = index * fileChunkBytes
      return sealChunk(seal, { fileId, index, isLast }, content.slice(start, start + bytes))
    }),
  )

  const hashes = await Promise.all(chunks.map(async (chunk) => toBase64url(await sha256(chunk))))
  assert.deepEqual(hashes, vector.chunkHashes)
  assert.equal(toBase64url(chunks.at(-1) ?? content), vector.lastChunk)
  assert.equal(toBase64url(await sha256(...chunks)), vector.hash)
  const secret = { fileId, key, size, hash: bytesFrom(vector.hash) }
  assert.deepEqual(await openFile(secret, chunks), content)
})

type Chunks = readonly Uint8Array<ArrayBuffer>[]

type Spoil =
  | { readonly kind: 'flip'; readonly at: number; readonly bit: number }
  | { readonly kind: 'swap'; readonly at: number; readonly with: number }
  | { readonly kind: 'foreign' | 'drop' | 'repeat'; readonly at: number }
  | { readonly kind: 'cut'; readonly at: number; readonly bytes: number }

/** `undefined` if nothing would be changed. */
function spoiled(chunks: Chunks, others: Chunks, how: Spoil): Chunks | undefined {
  const at = chunks[how.at]
  if (at === undefined) return undefined
  switch (how.kind) {
    case 'flip': {
      const flipped = new Uint8Array(at)
      const byte = Math.floor(how.bit / 8)
      flipped[byte] = (flipped[byte] ?? 0) ^ (1 << (how.bit % 8))
      return chunks.with(how.at, flipped)
    }
    case 'swap': {
      const other = chunks[how.with]
      if (other === undefined || how.at === how.with) return undefined
      return chunks.with(how.at, other).with(how.with, at)
    }
    case 'foreign':
      return chunks.with(how.at, others[how.at] ?? at)
    case 'cut':
      return chunks.with(how.at, at.slice(0, -how.bytes))
    case 'drop':
      return chunks.toSpliced(how.at, 1)
    case 'repeat':
      return chunks.toSpliced(how.at, 0, at)
  }
}

function isSame(one: ChunkPlace, other: ChunkPlace): boolean {
  return one.fileId === other.fileId && one.index === other.index && one.isLast === other.isLast
}

function filled(size: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: size }, (_, index) => index % 251)
}
