import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countdown, dayName, startOfDay } from './durations.ts'

test('a countdown never shows zero while time is left, and stays there when it is over', () => {
  assert.deepEqual([120_000, 71_001, 1, 0, -5].map(countdown), [
    '2:00',
    '1:12',
    '0:01',
    '0:00',
    '0:00',
  ])
})

test('a day has its name by the calendar and not by hours', () => {
  const midnight = startOfDay(Date.UTC(2026, 10, 22, 12))

  assert.equal(dayName(midnight + 1, midnight + 2), 'Today')
  assert.equal(dayName(midnight - 1, midnight + 2), 'Yesterday')
})
