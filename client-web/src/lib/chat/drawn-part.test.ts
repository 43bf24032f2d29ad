import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { mostDrawn, newest, newestWith, placeOf, withNewer, withOlder } from './drawn-part.ts'

function messages(count: number, from = 0) {
  return Array.from({ length: count }, (_, index) => ({
    position: String(from + index).padStart(6, '0'),
  }))
}

test('at first the newest are drawn, and what is written follows', () => {
  assert.deepEqual(placeOf(newest, messages(1000)), { from: 920, to: 1000 })
  assert.deepEqual(placeOf(newest, messages(1001)), { from: 921, to: 1001 })
  assert.deepEqual(placeOf(newest, messages(3)), { from: 0, to: 3 })
})

test('what was not read is drawn as well, as far as it is bounded', () => {
  assert.deepEqual(placeOf(newestWith(100), messages(1000)), { from: 900, to: 1000 })
  assert.deepEqual(placeOf(newestWith(900), messages(1000)), { from: 760, to: 1000 })
})

test('one who reads far above stays there while others write', () => {
  let part = newest
  for (let times = 0; times < 5; times++) part = withOlder(part, messages(1000))
  const before = placeOf(part, messages(1000))

  assert.deepEqual(before, { from: 520, to: 760 })
  assert.deepEqual(placeOf(part, messages(1200)), before)
})

test('what is loaded before the part leaves it where it is', () => {
  const known = messages(1000, 50)
  let part = newest
  for (let times = 0; times < 5; times++) part = withOlder(part, known)

  assert.deepEqual(placeOf(part, known), { from: 520, to: 760 })
  assert.deepEqual(placeOf(part, messages(1050)), { from: 570, to: 810 })
})

test('however one goes up and down, the part is bounded, and steps overlap', () => {
  const ways = fc.array(fc.constantFrom(withOlder, withNewer), { maxLength: 40 })
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2000 }), ways, (count, steps) => {
      const all = messages(count)
      let part = newest
      for (const go of steps) {
        const before = placeOf(part, all)
        part = go(part, all)
        const now = placeOf(part, all)
        assert.ok(now.to - now.from <= mostDrawn)
        assert.ok(now.from < before.to || count === 0, 'something stays to hold on to')
        assert.ok(before.from < now.to || count === 0, 'something stays to hold on to')
      }
    }),
  )
})

test('one who goes up to the first and down again is where one began', () => {
  const all = messages(1000)
  let part = newest
  while (placeOf(part, all).from > 0) part = withOlder(part, all)
  while (placeOf(part, all).to < all.length) part = withNewer(part, all)

  assert.equal(part.upTo, undefined)
  assert.equal(placeOf(part, all).to, 1000)
})
