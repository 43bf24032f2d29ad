import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import type { NewUpload, StartedUpload } from '../../store/uploads.ts'
import type { Deps } from '../deps.ts'
import {
  ConflictError,
  InvalidInputError,
  PayloadTooLargeError,
  RateLimitedError,
} from '../errors.ts'
import { startUpload } from './start-upload.ts'

const viewer = { sessionId: 's', clientId: 'alice-id', username: 'alice', deviceId: 'laptop' }
const chunkBytes = 65_552

/** A store that answers each start like this. */
function setUp(answer?: StartedUpload) {
  const asked: NewUpload[] = []
  const deps = {
    chunkLimiter: { take: async () => {} },
    store: {
      files: {
        start: async (upload: NewUpload): Promise<StartedUpload> => {
          asked.push(upload)
          const begun = { ...upload, receivedChunks: [], expiresAt: new Date(0) }
          return answer ?? { kind: 'started', upload: begun }
        },
      },
    },
  } as unknown as Pick<Deps, 'store' | 'chunkLimiter'>
  const start = (size: number, chunkCount: number) =>
    startUpload(deps, viewer, { fileId: randomUUID(), size, chunkCount })
  return { start, asked }
}

test('every size from one byte to 10 MiB is taken with the one number of chunks that it has', async () => {
  const { start, asked } = setUp()
  const sizes = [17, chunkBytes, chunkBytes + 17, 2 * chunkBytes, 160 * chunkBytes]

  for (const size of sizes) {
    const chunkCount = Math.ceil(size / chunkBytes)
    assert.equal((await start(size, chunkCount)).chunkCount, chunkCount)
    await assert.rejects(start(size, chunkCount + 1), InvalidInputError)
    await assert.rejects(start(size, chunkCount - 1), InvalidInputError)
  }

  assert.equal(asked.length, sizes.length)
})

test('more than 10 MiB is refused with the limit, before anything is stored', async () => {
  const { start, asked } = setUp()

  await assert.rejects(start(160 * chunkBytes + 1, 161), (error) => {
    assert.ok(error instanceof PayloadTooLargeError)
    assert.equal(error.limit, 10 * 1024 * 1024 + 160 * 16)
    return true
  })

  assert.equal(asked.length, 0)
})

test('an id that stands for another file is a conflict; a quota that is used up says how long', async () => {
  await assert.rejects(setUp({ kind: 'taken' }).start(17, 1), ConflictError)
  await assert.rejects(setUp({ kind: 'full', retryAfterMs: 777 }).start(17, 1), (error) => {
    assert.ok(error instanceof RateLimitedError)
    assert.equal(error.retryAfterMs, 777)
    return true
  })
})

test('a last chunk that would hold nothing but its tag is refused', async () => {
  const { start } = setUp()

  for (const size of [16, chunkBytes + 1, chunkBytes + 16])
    await assert.rejects(start(size, Math.ceil(size / chunkBytes)), InvalidInputError)
})
