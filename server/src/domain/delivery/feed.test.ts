import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import type { StoredMessage } from '../../store/messages.ts'
import { limits } from '../limits.ts'
import { createFeed, type Feed, type FeedEnd } from './feed.ts'
import type { InboxBatch } from './inbox-event.ts'

const lifetimeMs = 120_000

function openFeed(after = 0n) {
  const clock = { now: 1_000_000 }
  const ends: FeedEnd[] = []
  const feed = createFeed({
    ...{ deviceId: randomUUID(), clientId: randomUUID(), attachmentId: randomUUID(), after },
    latest: after,
    now: () => clock.now,
    onEnd: (reason) => ends.push(reason),
  })
  const message = (seq: bigint): StoredMessage => ({
    ...{ deviceId: feed.deviceId, seq, senderDeviceId: randomUUID(), senderServer: 1 },
    ...{
      messageId: randomUUID(),
      size: 1000,
      envelope: Buffer.alloc(1),
      wrappedKey: Buffer.alloc(1),
    },
    acceptedAt: new Date(clock.now),
    expiresAt: new Date(clock.now + lifetimeMs),
  })
  return { feed, clock, ends, message }
}

/** The sequences of the next batch. */
async function nextSeqs(feed: Feed): Promise<bigint[]> {
  const { value }: IteratorResult<InboxBatch, undefined> = await feed.batches.next()
  return (value?.events ?? []).flatMap((event) =>
    event.kind === 'message' ? [event.message.seq] : [],
  )
}

test('a message is taken without a read only when it is the next one', async () => {
  const { feed, message } = openFeed(4n)

  assert.equal(feed.pushNext(message(6n)), false)
  assert.equal(feed.pushNext(message(5n)), true)
  assert.equal(feed.pushNext(message(5n)), false)

  assert.deepEqual(await nextSeqs(feed), [5n])
})

test('a read that a note has overtaken adds only what is new, and skips nothing', async () => {
  const { feed, message } = openFeed()
  const { after } = feed.position()

  feed.pushNext(message(1n))
  feed.pushMessages(after, [message(1n), message(2n), message(3n)])

  assert.deepEqual(await nextSeqs(feed), [1n, 2n, 3n])
  assert.equal(feed.position().after, 3n)
})

test('what expires behind a slow socket is not handed out and does not fill the window', async () => {
  const { feed, clock, message } = openFeed()
  feed.pushMessages(0n, [message(1n)])

  clock.now += lifetimeMs
  feed.pushMessages(1n, [message(2n)])

  assert.deepEqual(await nextSeqs(feed), [2n])
  assert.equal(feed.position().room, limits.unackedWindow - 1)
})

test('a full window takes no more until something is acknowledged', async () => {
  const { feed, message } = openFeed()
  for (let seq = 1n; seq <= limits.unackedWindow; seq += 1n)
    assert.equal(feed.pushNext(message(seq)), true)
  const next = BigInt(limits.unackedWindow) + 1n

  assert.equal(feed.position().room, 0)
  assert.equal(feed.pushNext(message(next)), false)
  feed.release(10n)

  assert.equal(feed.position().room, 10)
  assert.equal(feed.pushNext(message(next)), true)
})

test('a feed that is returned before it was ever read ends all the same', async () => {
  const { feed, ends } = openFeed()

  await feed.batches.return?.()

  assert.deepEqual(ends, ['left'])
  assert.deepEqual(await feed.batches.next(), { done: true, value: undefined })
})

test('a reader that waits is let go when the feed ends', async () => {
  const { feed, ends } = openFeed()
  const waiting = feed.batches.next()

  feed.end('replaced')

  assert.equal((await waiting).done, true)
  assert.deepEqual(ends, ['replaced'])
})
