import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exitCode } from '../exit-codes.ts'
import { exitOfState } from './exit-of-state.ts'

const stored = { kind: 'stored', expiresAtMs: 0, delivered: 0, of: 1 } as const

test('stored is enough unless delivered was asked for', () => {
  assert.equal(exitCode(exitOfState(stored, 'stored')), 0)
  assert.equal(exitCode(exitOfState(stored, 'delivered')), 7)
})

test('delivered is enough for both', () => {
  for (const wait of ['stored', 'delivered'] as const) {
    assert.equal(exitCode(exitOfState({ kind: 'delivered' }, wait)), 0)
  }
})

test('each way to fail has its own code', () => {
  const codes = [
    { kind: 'sending' },
    { kind: 'held', reason: 'KEY_CHANGED' },
    { kind: 'expired' },
    { kind: 'failed', reason: 'NOT_FOUND' },
  ] as const

  assert.deepEqual(
    codes.map((state) => exitCode(exitOfState(state, 'stored'))),
    [3, 4, 8, 1],
  )
})
