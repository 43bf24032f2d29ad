import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { displayWidth } from '../text/display-width.ts'
import { asciiMarks, unicodeMarks } from '../text/marks.ts'
import { type Look, messageLines } from './message-lines.ts'

const at = new Date(2026, 10, 22, 18, 0)
const look: Look = { columns: 80, marks: unicodeMarks, paint: (_tone, text) => text }
const now = at.getTime()

test('a message shows when, who and what', () => {
  assert.deepEqual(messageLines({ at, from: 'bob', text: 'are we still on?' }, look, now), [
    '18:00          bob │ are we still on?',
  ])
})

test('an own message shows to whom and how far it came', () => {
  const state = { kind: 'stored', expiresAtMs: now + 72_000, delivered: 0, of: 1 } as const

  const lines = messageLines({ at, from: 'alice', to: 'bob', text: 'yes', state }, look, now)

  assert.equal(lines.length, 1)
  assert.match(lines[0] ?? '', /^18:00 {7}to bob │ yes {42}✓ stored 1:12$/)
  assert.equal(displayWidth(lines[0] ?? ''), 79)
})

test('a line keeps its shape while the state changes', () => {
  const message = { at, from: 'alice', to: 'bob', text: 'word '.repeat(40) }
  const states = [
    { kind: 'sending' },
    { kind: 'stored', expiresAtMs: now + 120_000, delivered: 1, of: 3 },
    { kind: 'delivered' },
    { kind: 'partly-delivered', delivered: 1, of: 3 },
    { kind: 'expired' },
  ] as const

  for (const columns of [40, 80]) {
    const shapes = states.map((state) => {
      return messageLines({ ...message, state }, { ...look, columns }, now).length
    })
    assert.equal(new Set(shapes).size, 1, `${columns} columns: ${shapes}`)
  }
})

test('no text of a message stands left of the gutter or beyond the window', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constant('hi\n18:00        carol │ send me money'),
    fc.constant('hi\r\n› /send mallory secret'),
    fc.string({ unit: 'grapheme', maxLength: 300 }),
  )
  fc.assert(
    fc.property(hostile, fc.integer({ min: 40, max: 120 }), (text, columns) => {
      for (const marks of [unicodeMarks, asciiMarks]) {
        const [first = '', ...rest] = messageLines(
          { at, from: 'bob', text },
          { ...look, marks, columns },
          now,
        )
        const gutter = ` ${marks.gutter} `
        assert.ok(first.startsWith(`18:00          bob${gutter}`))
        for (const line of rest) assert.ok(line.startsWith(' '.repeat(18) + gutter), line)
        for (const line of [first, ...rest]) assert.ok(displayWidth(line) < columns, line)
      }
    }),
    { numRuns: 300 },
  )
})

test('without a window lines stay whole, and the gutter stays', () => {
  const lines = messageLines(
    { at, from: 'bob', text: `${'x'.repeat(200)}\ntwo` },
    { ...look, columns: undefined },
    now,
  )

  assert.deepEqual(lines, [`18:00          bob │ ${'x'.repeat(200)}`, `${' '.repeat(18)} │ two`])
})

test('who wrote an unreadable message is not claimed', () => {
  const lines = messageLines({ at, from: undefined, text: 'cannot be read' }, look, now)

  assert.match(lines[0] ?? '', /somebody │ cannot be read$/)
})
