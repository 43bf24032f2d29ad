import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import type { NotedMessage } from './bus.ts'
import { decodeMessage, encodeMessage, framesOf, messagesIn } from './message-frame.ts'

const plain = { noNullPrototype: true } as const
const copy = fc.record(
  {
    deviceId: fc.uuid({ version: [4, 7] }),
    seq: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }),
    wrappedKey: fc.uint8Array({ maxLength: 512 }).map((bytes) => Buffer.from(bytes)),
  },
  plain,
)
const anyMessage: fc.Arbitrary<NotedMessage> = fc.record(
  {
    senderDeviceId: fc.uuid({ version: 4 }),
    messageId: fc.uuid({ version: 7 }),
    senderServer: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
    acceptedAt: fc.date({ noInvalidDate: true }),
    expiresAt: fc.date({ noInvalidDate: true }),
    envelope: fc.uint8Array({ maxLength: 2048 }).map((bytes) => Buffer.from(bytes)),
    copies: fc.array(copy, { maxLength: 5 }),
  },
  plain,
)

test('every message is read as it was written', () => {
  fc.assert(
    fc.property(anyMessage, (message) => {
      assert.deepEqual(decodeMessage(encodeMessage(message)), message)
    }),
  )
})

test('messages in frames of a bounded size come out whole and in order', () => {
  fc.assert(
    fc.property(fc.array(anyMessage, { maxLength: 20 }), (messages) => {
      const frames = framesOf(messages.map(encodeMessage), 4096)
      assert.deepEqual(
        frames.flatMap((frame) => [...messagesIn(frame)]),
        messages,
      )
      const largest = Math.max(0, ...messages.map((one) => encodeMessage(one).length))
      for (const frame of frames) assert.ok(frame.length <= Math.max(4096, largest) + 4 * 20)
    }),
  )
})

test('a frame cut short, spoilt or of another format gives no message that was not in it', () => {
  const message: NotedMessage = {
    senderDeviceId: randomUUID(),
    messageId: randomUUID(),
    senderServer: 3,
    acceptedAt: new Date(1000),
    expiresAt: new Date(2000),
    envelope: randomBytes(100),
    copies: [{ deviceId: randomUUID(), seq: 7n, wrappedKey: randomBytes(20) }],
  }
  const bytes = encodeMessage(message)
  // Exactly at the end of the envelope it is a message for nobody, which is no harm.
  const forNobody = bytes.length - (16 + 8 + 2 + 20)
  for (let length = 0; length < bytes.length; length += 1) {
    const read = decodeMessage(bytes.subarray(0, length))
    if (length === forNobody) assert.deepEqual(read?.copies, [])
    else assert.equal(read, null)
  }
  const newer = Buffer.from(bytes)
  newer[0] = 2
  assert.equal(decodeMessage(newer), null)
  const [frame] = framesOf([bytes, bytes], 4096)
  assert.equal([...messagesIn((frame as Buffer).subarray(0, -1))].length, 1)
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => {
      assert.ok([...messagesIn(Buffer.from(noise))].length <= 3)
    }),
  )
})
