import assert from 'node:assert/strict'
import { test } from 'node:test'
import { concat, noBytes, uint32 } from './bytes.ts'
import { createMessageId } from './ids.ts'
import {
  type Admission,
  type ArrivedMessage,
  admitMessage,
  emptyReplayTable,
  type ReplayTable,
} from './replay-table.ts'

/** The nth message of one device in one conversation, chained to the one before. */
function message(n: number, conversation = 'direct:alice:bob'): ArrivedMessage {
  const hashOf = (number: number) => concat(uint32(number), new Uint8Array(28))
  const messageId = `019d0000-0000-7000-8000-${String(n).padStart(12, '0')}`
  const prevHash = n === 1 ? noBytes : hashOf(n - 1)
  return { conversation, messageId, prevHash, headerHash: hashOf(n) }
}

function admitAll(messages: readonly ArrivedMessage[]) {
  let table: ReplayTable = emptyReplayTable
  const answers = messages.map((each) => {
    const admission: Admission = admitMessage(table, each)
    if (admission.kind === 'fresh') table = admission.table
    return admission.kind === 'fresh' ? admission.place : admission.kind
  })
  return { table, answers }
}

test('T11: a message given out a second time is refused', () => {
  const { answers } = admitAll([message(1), message(2), message(1), message(2)])

  assert.deepEqual(answers, ['first', 'next', 'replayed', 'replayed'])
})

test('T11: the same message id in another conversation is refused too', () => {
  const { answers } = admitAll([message(1), message(1, 'direct:alice:carol')])

  assert.deepEqual(answers, ['first', 'replayed'])
})

test('T11: a message left out shows as a gap', () => {
  const { answers } = admitAll([message(1), message(3), message(4)])

  assert.deepEqual(answers, ['first', 'gap', 'next'])
})

test('T11: messages in another order than they were sent show as late', () => {
  const { answers } = admitAll([message(1), message(3), message(2), message(4)])

  assert.deepEqual(answers, ['first', 'gap', 'late', 'next'])
})

test('each conversation has its own chain', () => {
  const { answers } = admitAll([message(1), message(2, 'direct:alice:carol'), message(2)])

  assert.deepEqual(answers, ['first', 'first', 'replayed'])
})

test('T11: what has left the bounded table is still refused', () => {
  const many = Array.from({ length: 1500 }, (_, index) => message(index + 1))
  const { table, answers } = admitAll(many)

  assert.ok(table.seen.length <= 1024)
  assert.ok(!answers.includes('replayed'))
  for (const old of [message(1), message(476), message(1500)]) {
    assert.equal(admitMessage(table, old).kind, 'replayed')
  }
})

test('a sender whose clock ran far ahead and was set right is still heard', () => {
  const clock = Array.from({ length: 1100 }, (_, n) => Date.UTC(n < 1090 ? 2036 : 2026, 0, 1))
  let previous: string | null = null
  const messages = clock.map((nowMs) => {
    previous = createMessageId(nowMs, previous)
    return { ...message(1), messageId: previous }
  })

  assert.ok(!admitAll(messages).answers.includes('replayed'))
})
