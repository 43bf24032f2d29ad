import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { spreadLabels } from './spread-labels.ts'

test('labels with room stay where they belong', () => {
  assert.deepEqual(spreadLabels([100, 20, null], { gap: 20, height: 200 }), [100, 20, null])
})

test('labels of one height part, and leave neither edge', () => {
  assert.deepEqual(spreadLabels([195, 195, 195], { gap: 20, height: 200 }), [160, 180, 200])
  assert.deepEqual(spreadLabels([0, 0, 0], { gap: 20, height: 200 }), [0, 20, 40])
})

test('labels never cover each other and keep the order of their lines', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -50, max: 250, noNaN: true }), { maxLength: 8 }),
      (wanted) => {
        const placed = spreadLabels(wanted, { gap: 20, height: 200 }).map((at) => at ?? Number.NaN)

        for (const [one, at] of placed.entries()) {
          assert.ok(at >= 0 && at <= 200, `${at}`)
          for (const [other, there] of placed.entries())
            if (one !== other) {
              assert.ok(Math.abs(at - there) > 19.99)
              const [wish, others] = [wanted[one] ?? 0, wanted[other] ?? 0]
              if (wish < others) assert.ok(at < there)
            }
        }
      },
    ),
  )
})
