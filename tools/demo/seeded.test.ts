import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seeded } from './seeded.ts'

const run = (seed: number) => {
  const chance = seeded(seed)
  return Array.from({ length: 1000 }, () => chance.between(2, 5))
}

test('the same seed has the same chance, another seed another, and all of it lies between', () => {
  assert.deepEqual(run(7), run(7))
  assert.notDeepEqual(run(7), run(8))
  assert.ok(run(7).every((value) => value >= 2 && value < 5))
  assert.ok(Math.abs(run(7).reduce((sum, value) => sum + value) / 1000 - 3.5) < 0.1)
})
