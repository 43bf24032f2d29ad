import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createPingRecord, historyLength } from './ping-record.ts'

const at = new Date(0)

test('one slow answer moves the smoothed ping by less than a third of the way', () => {
  const record = createPingRecord(0)

  for (let ping = 0; ping < 10; ping += 1) record.answered({ at, pingMs: 2, sockets: 0 })
  record.answered({ at, pingMs: 102, sockets: 0 })

  assert.equal(record.smoothedMs(), 32)
})

test('an unanswered ping makes a server unusable until it answers again', () => {
  const record = createPingRecord(0)

  record.answered({ at, pingMs: 2, sockets: 0 })
  record.missed(at)
  const meanwhile = record.smoothedMs()
  record.answered({ at, pingMs: 2, sockets: 0 })

  assert.equal(meanwhile, null)
  assert.equal(record.smoothedMs(), 2)
})

test('the history holds the last five minutes, oldest first', () => {
  const record = createPingRecord(0)

  for (let ping = 0; ping < historyLength + 7; ping += 1)
    record.answered({ at, pingMs: ping, sockets: 0 })
  const history = record.history()

  assert.equal(history.length, historyLength)
  assert.equal(history[0]?.pingMs, 7)
  assert.equal(history.at(-1)?.pingMs, historyLength + 6)
})

test('clients that were sent somewhere count for one round after the ping that may have missed them', () => {
  const record = createPingRecord(0)

  record.picked()
  record.picked()
  record.answered({ at, pingMs: 1, sockets: 1 })
  const afterOne = record.recentPicks()
  record.answered({ at, pingMs: 1, sockets: 2 })

  assert.equal(afterOne, 2)
  assert.equal(record.recentPicks(), 0)
})
