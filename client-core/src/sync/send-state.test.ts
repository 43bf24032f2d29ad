import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DeliveryState } from '../api/chat-api.ts'
import { mergeDeliveries, stateOfDeliveries } from './send-state.ts'

const cases: readonly (readonly [string, readonly DeliveryState[], string])[] = [
  ['some device still waits', ['DELIVERED', 'STORED'], 'stored'],
  ['every device has it', ['DELIVERED', 'DELIVERED'], 'delivered'],
  ['one has it and one expired', ['DELIVERED', 'EXPIRED'], 'partly-delivered'],
  ['one has it and one was full', ['DELIVERED', 'MAILBOX_FULL'], 'partly-delivered'],
  ['all expired', ['EXPIRED', 'EXPIRED'], 'expired'],
  ['one expired and one was full', ['EXPIRED', 'MAILBOX_FULL'], 'expired'],
  ['all were full', ['MAILBOX_FULL'], 'failed'],
]

for (const [when, states, kind] of cases) {
  test(`a message is ${kind} when ${when}`, () => {
    const deliveries = states.map((state, index) => ({ deviceId: String(index), state }))

    assert.equal(stateOfDeliveries(deliveries, 0).kind, kind)
  })
}

test('news that were overtaken do not take back how it ended', () => {
  const known = [{ deviceId: 'a', state: 'DELIVERED' as const }]

  const merged = mergeDeliveries(known, [
    { deviceId: 'a', state: 'STORED' },
    { deviceId: 'b', state: 'STORED' },
  ])

  assert.deepEqual(merged, [
    { deviceId: 'a', state: 'DELIVERED' },
    { deviceId: 'b', state: 'STORED' },
  ])
})
