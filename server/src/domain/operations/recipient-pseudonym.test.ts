import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { createPseudonyms } from './recipient-pseudonym.ts'

const pseudonyms = createPseudonyms(new Uint8Array(32).fill(7))
const day = 24 * 3_600_000
const noon = Date.parse('2026-11-22T12:00:00.000Z')

test('a pseudonym is the same at every server for a day, and another one on the next', () => {
  const bob = randomUUID()
  const today = pseudonyms.of(bob, noon)

  assert.match(today, /^[\w-]{12}$/)
  assert.equal(createPseudonyms(new Uint8Array(32).fill(7)).of(bob, noon + 3_600_000), today)
  assert.notEqual(pseudonyms.of(bob, noon + day), today)
  assert.notEqual(createPseudonyms(new Uint8Array(32).fill(8)).of(bob, noon), today)
  assert.notEqual(pseudonyms.of(randomUUID(), noon), today)
})

test('it stands for its person until the day after, and for nobody else', () => {
  const bob = randomUUID()
  const today = pseudonyms.of(bob, noon)

  assert.equal(pseudonyms.isOf(today, bob, noon), true)
  assert.equal(pseudonyms.isOf(today, bob, noon + day), true)
  assert.equal(pseudonyms.isOf(today, bob, noon + 2 * day), false)
  assert.equal(pseudonyms.isOf(today, randomUUID(), noon), false)
})
