import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Circumstances, stateWords } from './state-words.ts'

const toBob: Circumstances = { to: 'bob', isGroup: false, nowMs: 1000, isConnected: true }
const toTeam: Circumstances = { ...toBob, to: 'team', isGroup: true }

test('a message that waits says until when, on the time of the servers', () => {
  const stored = { kind: 'stored', expiresAtMs: 73_000, delivered: 0, of: 1 } as const

  assert.equal(stateWords(stored, toBob).words, 'Stored · deleted in 1:12 unless fetched')
})

test('in a group it is counted who has it, with one person which devices', () => {
  const partly = { kind: 'partly-delivered', delivered: 2, of: 3 } as const

  assert.equal(stateWords(partly, toTeam).words, '2 of 3 delivered')
  assert.equal(stateWords(partly, toBob).words, '2 of 3 devices delivered')
})

test('without a server everything that is not sent yet is queued', () => {
  const offline = { ...toBob, isConnected: false }
  const words = [
    stateWords({ kind: 'queued' }, offline),
    stateWords({ kind: 'sending' }, offline),
    stateWords({ kind: 'uploading', done: 1, of: 2 }, offline),
  ].map((shown) => shown.words)

  assert.deepEqual(words, ['Queued', 'Queued', 'Queued'])
})

test('what went wrong for good can be sent again', () => {
  assert.equal(stateWords({ kind: 'expired' }, toBob).action, 'send-again')
  assert.equal(stateWords({ kind: 'failed', reason: 'MAILBOX_FULL' }, toBob).action, 'retry')
  assert.equal(stateWords({ kind: 'held', reason: 'KEY_CHANGED' }, toBob).action, 'review-key')
})
