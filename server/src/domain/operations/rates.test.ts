import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { ProcessSample } from '../../store/samples.ts'
import { axisUntil } from './axis.ts'
import { growthOf, percentile, perSecond, sum } from './rates.ts'

const start = Date.parse('2026-11-22T12:00:00.000Z')
const axis = axisUntil(start + 60_000)
const accepted = ({ accepted: count = 0 }: ProcessSample['figures']) => count

function sample(atMs: number, count: number, startedMs = -3_600_000): ProcessSample {
  return {
    serverId: 1,
    at: new Date(start + atMs),
    startedAt: new Date(start + startedMs),
    figures: { accepted: count },
  }
}

const at = (seconds: readonly number[], second: number) =>
  seconds[start / 1000 + second - axis.from]

test('what a count grew by belongs to the seconds in which it did', () => {
  const seconds = perSecond(
    [[sample(500, 100), sample(1500, 110), sample(2500, 130)]],
    axis,
    accepted,
  )

  assert.equal(at(seconds, 0), 5)
  assert.equal(at(seconds, 1), 5 + 10)
  assert.equal(at(seconds, 2), 10)
})

test('servers are added up', () => {
  const one = [sample(0, 0), sample(1000, 7)]

  assert.equal(at(perSecond([one, one], axis, accepted), 0), 14)
})

test('a process that was started again counts from nothing, and what the old one counted is not lost or doubled', () => {
  const restarted = [sample(0, 500), sample(1000, 510), sample(4000, 8, 3000)]
  const seconds = perSecond([restarted], axis, accepted)

  assert.equal(at(seconds, 0), 10)
  assert.equal(at(seconds, 3), 8)
  assert.equal(sum(seconds), 18)
})

test('over a silence of more than ten seconds nobody knows when it happened', () => {
  assert.equal(growthOf([sample(0, 0), sample(11_000, 50)], accepted), 0)
})

test('nothing is lost or made up by spreading', () => {
  const steps = fc.array(
    fc.record({ ms: fc.integer({ min: 1, max: 3000 }), count: fc.nat(1000) }),
    { maxLength: 15 },
  )

  fc.assert(
    fc.property(steps, (list) => {
      let [ms, count] = [0, 0]
      const samples = [sample(0, 0)]
      for (const step of list) {
        ms += step.ms
        count += step.count
        samples.push(sample(ms, count))
      }
      const seconds = perSecond([samples], axis, accepted)
      assert.ok(Math.abs(sum(seconds) - count) < 1e-6)
    }),
  )
})

test('a percentile is a value that was measured', () => {
  const values = Array.from({ length: 100 }, (_, index) => index + 1)

  assert.equal(percentile(values, 0.99), 99)
  assert.equal(percentile(values, 0.5), 50)
  assert.equal(percentile([7], 0.99), 7)
  assert.equal(percentile([], 0.5), null)
})
