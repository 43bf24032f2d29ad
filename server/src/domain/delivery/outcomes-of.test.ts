import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AckedMessage } from '../../store/mailboxes.ts'
import { outcomesOf } from './outcomes-of.ts'

const acked = (messageId: string, rest: Partial<AckedMessage> = {}): AckedMessage => ({
  messageId,
  senderDeviceId: 'alice',
  senderServer: 1,
  expired: false,
  ...rest,
})

test('messages of one sender that ended alike are told together, in their order', () => {
  const told = outcomesOf([
    acked('a1'),
    acked('b1', { senderDeviceId: 'bob' }),
    acked('a2'),
    acked('a3', { expired: true }),
    acked('a4', { senderServer: 2 }),
    acked('a5'),
  ])

  const alice = { senderServer: 1, senderDeviceId: 'alice', state: 'DELIVERED' }
  assert.deepEqual(told, [
    { ...alice, messageIds: ['a1', 'a2', 'a5'] },
    { ...alice, senderDeviceId: 'bob', messageIds: ['b1'] },
    { ...alice, state: 'EXPIRED', messageIds: ['a3'] },
    { ...alice, senderServer: 2, messageIds: ['a4'] },
  ])
})

test('no note holds more than 200, and none is empty', () => {
  const messages = Array.from({ length: 401 }, (_, index) => acked(String(index)))

  const told = outcomesOf(messages)

  assert.deepEqual(
    told.map(({ messageIds }) => messageIds.length),
    [200, 200, 1],
  )
  assert.deepEqual(
    told.flatMap(({ messageIds }) => messageIds),
    messages.map(({ messageId }) => messageId),
  )
  assert.deepEqual(outcomesOf([]), [])
})
