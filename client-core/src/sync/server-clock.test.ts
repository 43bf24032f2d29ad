import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fakeClock } from '../testing/fake-clock.ts'
import { ServerClock } from './server-clock.ts'

test('the time of the servers is in whole milliseconds, though this device counts fractions', () => {
  let monotonicMs = 1234.567
  const clock = new ServerClock({ ...fakeClock(), monotonicMs: () => monotonicMs })
  clock.observe(1_700_000_000_000)

  monotonicMs += 10.25

  assert.equal(clock.nowMs(), 1_700_000_000_010)
})
