import assert from 'node:assert/strict'
import { test } from 'node:test'
import { conditionWords, deedWords, titleOf, verdictWords } from './words.ts'

const conditions = ['UP', 'SLOW', 'DRAINING', 'DRAINED', 'DOWN', 'a state of tomorrow']

test('no two states of a server share a shape or a word, so that none rests on its colour', () => {
  const words = conditions.map((condition) => conditionWords(condition, 0))

  assert.equal(new Set(words.map(({ shape }) => shape)).size, conditions.length)
  assert.equal(new Set(words.map(({ word }) => word)).size, conditions.length)
})

test('a server that drains says how many are left', () => {
  assert.equal(conditionWords('DRAINING', 12).word, 'Draining · 12 left')
})

test('a verdict that this page does not know is not called healthy', () => {
  assert.equal(verdictWords('OK').word, 'Healthy')
  assert.equal(verdictWords('a verdict of tomorrow').word, 'Unknown')
  assert.equal(titleOf('DEGRADED'), '▲ Degraded · FastChat operations')
})

test('a deed completes a sentence that begins with the operator', () => {
  const nothing = { operator: 'olga', serverId: null, recipient: null, reason: null }

  assert.equal(deedWords({ ...nothing, action: 'DRAINED', serverId: 3 }), 'drained server 3')
  assert.equal(
    deedWords({ ...nothing, action: 'DRAINED', serverId: 3, reason: 'new kernel' }),
    'drained server 3: new kernel',
  )
  assert.match(deedWords({ ...nothing, action: 'REVEALED', recipient: 'abc' }), /abc/)
  assert.match(deedWords({ ...nothing, action: 'FROM_TOMORROW' }), /FROM_TOMORROW/)
})
