import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { displayWidth, padEnd, shorten } from './display-width.ts'
import { safeText } from './safe-text.ts'
import { wrap, wrapHanging } from './wrap.ts'

test('text is broken at spaces', () => {
  assert.deepEqual(wrap('the quick brown fox', 10), ['the quick', 'brown fox'])
})

test('a word longer than the line is broken inside', () => {
  assert.deepEqual(wrap('ab abcdefghij', 4), ['ab', 'abcd', 'efgh', 'ij'])
})

test('line breaks of the text stay, empty lines too', () => {
  assert.deepEqual(wrap('a\n\nb', 10), ['a', '', 'b'])
})

test('a row of a table goes on under its last column', () => {
  assert.deepEqual(wrapHanging('  /exit  Leave and stay signed in', 20), [
    '  /exit  Leave and',
    '         stay signed',
    '         in',
  ])
  assert.deepEqual(wrapHanging('12:00 a notice that is long', 16), [
    '12:00 a notice',
    'that is long',
  ])
})

test('no line is wider than asked, whatever the script', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme' }),
      fc.integer({ min: 12, max: 40 }),
      (text, width) => {
        return wrap(safeText(text), width).every((line) => displayWidth(line) <= width)
      },
    ),
    { numRuns: 1000 },
  )
})

test('wide letters and pictures count two columns, accents none', () => {
  assert.equal(displayWidth('日本'), 4)
  assert.equal(displayWidth('👍'), 2)
  assert.equal(displayWidth('❤️'), 2)
  assert.equal(displayWidth('cafe\u0301'), 4)
})

test('what is too long is shortened to fit', () => {
  assert.equal(shorten('are we still on?', 8), 'are we …')
  assert.equal(shorten('short', 8), 'short')
  assert.equal(padEnd('日', 4), '日  ')
})
