import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Username } from '../brands.ts'
import { directConversation, directPair, isConversation } from './conversation.ts'

const username = fc.stringMatching(/^[a-z0-9_.-]{3,32}$/) as fc.Arbitrary<Username>

test('both sides name their conversation alike and the name tells the pair', () => {
  fc.assert(
    fc.property(username, username, (one, other) => {
      const name = directConversation(one, other)
      assert.equal(name, directConversation(other, one))
      assert.deepEqual(directPair(name), [one, other].sort())
      assert.ok(isConversation(name))
    }),
  )
})

test('names that are not of their one form are refused', () => {
  const refused = [
    'direct:bob:alice',
    'direct:Alice:bob',
    'direct:alice',
    'direct:alice:bob:carol',
    'group:alice:bob',
    'group:short',
    'alice:bob',
    '',
  ]
  for (const name of refused) assert.equal(isConversation(name), false, name)
})
