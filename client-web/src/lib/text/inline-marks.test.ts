import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { inlineMarks } from './inline-marks.ts'

const kinds = (text: string) => inlineMarks(text).map(({ kind, text }) => [kind, text])

test('bold, italic, code and addresses are found in a text', () => {
  assert.deepEqual(kinds('a **b** _c_ `d` see https://x.test/y.'), [
    ['text', 'a '],
    ['bold', 'b'],
    ['text', ' '],
    ['italic', 'c'],
    ['text', ' '],
    ['code', 'd'],
    ['text', ' see '],
    ['link', 'https://x.test/y'],
    ['text', '.'],
  ])
})

test('only web addresses become links', () => {
  for (const text of ['javascript:alert(1)', 'data:text/html,x', 'https://bank.test@evil.test/']) {
    assert.deepEqual(kinds(text), [['text', text]])
  }
})

test('names with underscores and sums with stars stay as they are', () => {
  for (const text of ['snake_case_name', '2 * 3 * 4', 'a ** b']) {
    assert.deepEqual(kinds(text), [['text', text]])
  }
})

test('no letter of a text without marks is lost', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const plain = text.replace(/[*_`]/g, '')
      const shown = inlineMarks(plain).map((piece) => piece.text)
      assert.equal(shown.join(''), plain)
    }),
  )
})
