import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isUsername, normalizeUsername } from './username.ts'

test('a username is lower-cased', () => {
  assert.deepEqual(normalizeUsername('Alice_B.C-9'), { kind: 'valid', username: 'alice_b.c-9' })
})

test('a refusal says why and what to do', () => {
  const reasons = {
    ab: 'too-short',
    '': 'too-short',
    ['a'.repeat(33)]: 'too-long',
    'alice bob': 'forbidden-character',
    'alice:bob': 'forbidden-character',
    'alice\n': 'forbidden-character',
    алиса: 'forbidden-character',
  }
  for (const [typed, reason] of Object.entries(reasons)) {
    const result = normalizeUsername(typed)
    assert.ok(result.kind === 'refused')
    assert.equal(result.reason, reason)
    assert.match(result.message, /^A username has .+\. \w.+\.$/)
  }
})

test('T40: a foreign letter whose lower case is ours is refused and not turned into it', () => {
  const kelvinSign = '\u212A'
  assert.equal(kelvinSign.toLowerCase(), 'k')

  assert.equal(normalizeUsername(`${kelvinSign}arl`).kind, 'refused')
})

test('only the normalised form is a username in signed data', () => {
  assert.equal(isUsername('alice'), true)
  assert.equal(isUsername('Alice'), false)
  assert.equal(isUsername('al'), false)
})
