import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ago, bytes, clock, count, inWords, millis, moment, percent, rate, span } from './format.ts'

test('a rate has a decimal only while it is small', () => {
  assert.deepEqual([0, 0.25, 9.94, 10.4, 1234.5].map(rate), ['0', '0.3', '9.9', '10', '1,235'])
})

test('counts are grouped', () => {
  assert.equal(count(10_824), '10,824')
})

test('milliseconds become seconds when nobody counts them any more', () => {
  const written = [0.42, 9.96, 180.4, 1234, 61_000].map((ms) => inWords(millis(ms)))

  assert.deepEqual(written, ['0.4 ms', '10 ms', '180 ms', '1.2 s', '61 s'])
  assert.equal(inWords(millis(null)), '–')
})

test('bytes never need four digits', () => {
  const written = [0, 999, 1000, 1240, 999_499, 999_600, 96_000_000, 2.5e9]

  assert.deepEqual(
    written.map((value) => inWords(bytes(value))),
    ['0 B', '999 B', '1 kB', '1.2 kB', '999 kB', '1 MB', '96 MB', '2.5 GB'],
  )
})

test('a share is written in percent, precisely where it is small', () => {
  assert.deepEqual(
    [0, 0.002, 0.0996, 0.24, 1].map((share) => percent(share).value),
    ['0', '0.2', '10', '24', '100'],
  )
})

test('a dial never shows more than has passed, nor less than nothing', () => {
  assert.deepEqual([-5, 0, 59_999, 107_400].map(clock), ['0:00', '0:00', '0:59', '1:47'])
})

test('what is a moment ago is said to the tenth, and what is longer ago in words', () => {
  const written = [-20, 400, 9949, 9950, 119_000, 120_000].map(ago)

  assert.deepEqual(written, [
    ...['0.0 s ago', '0.4 s ago', '9.9 s ago', '10 s ago'],
    ...['119 s ago', '2 min ago'],
  ])
})

test('a span names its two largest units', () => {
  const hour = 3_600_000
  const written = [500, 90_000, 3_599_000, hour, 3.34 * hour, 24 * hour, 124.2 * hour].map(span)

  assert.deepEqual(written, ['1 s', '90 s', '59 min', '1 h', '3 h 20 min', '1 d', '5 d 4 h'])
})

test('a moment has a date only when it is not of today', () => {
  const now = new Date(2026, 2, 14, 18, 5, 0)

  assert.equal(moment(new Date(2026, 2, 14, 18, 1, 9), now, 'en-GB'), '18:01:09')
  assert.match(moment(new Date(2026, 2, 13, 23, 59, 59), now, 'en-GB'), /^13 Mar,? 23:59:59$/)
})
