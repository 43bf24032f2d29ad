import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { graphemesOf } from '../../text/display-width.ts'
import { type Edit, type Editor, edits, emptyEditor, insert, moveLine } from './editor.ts'

/** `one |two`: the bar is the cursor. */
function editor(marked: string): Editor {
  const cursor = marked.indexOf('|')
  return { text: marked.replace('|', ''), cursor, cut: '' }
}

function shown({ text, cursor }: Editor): string {
  return `${text.slice(0, cursor)}|${text.slice(cursor)}`
}

const cases: readonly (readonly [edit: Edit, before: string, after: string])[] = [
  ['left', 'one|', 'on|e'],
  ['left', '👨‍👩‍👧|', '|👨‍👩‍👧'],
  ['right', '|日本', '日|本'],
  ['right', 'end|', 'end|'],
  ['word-left', 'one two|', 'one |two'],
  ['word-left', 'one two  |', 'one |two  '],
  ['word-right', '|one two', 'one| two'],
  ['word-right', 'one| two', 'one two|'],
  ['line-start', 'one\ntw|o', 'one\n|two'],
  ['line-end', 'o|ne\ntwo', 'one|\ntwo'],
  ['delete-before', 'a👍🏽|b', 'a|b'],
  ['delete-before', '|a', '|a'],
  ['delete-after', 'a|bc', 'a|c'],
  ['cut-word-before', 'say it-now |', 'say |'],
  ['cut-to-start', 'one\ntwo thr|ee', 'one\n|ee'],
  ['cut-to-end', 'on|e\ntwo', 'on|\ntwo'],
  ['new-line', 'a|b', 'a\n|b'],
]

for (const [edit, before, after] of cases) {
  test(`${edit} makes ${JSON.stringify(after)} of ${JSON.stringify(before)}`, () => {
    assert.equal(shown(edits[edit](editor(before))), after)
  })
}

test('what was cut comes back where the cursor is', () => {
  const cut = edits['cut-word-before'](editor('one two|'))
  const moved = edits['line-start'](cut)

  assert.equal(shown(edits['put-back'](moved)), 'two|one ')
})

test('up and down keep the column, as far as the other line goes', () => {
  assert.equal(shown(moveLine(editor('one\ntwo thr|ee'), -1) ?? emptyEditor), 'one|\ntwo three')
  assert.equal(shown(moveLine(editor('on|e\ntwo'), 1) ?? emptyEditor), 'one\ntw|o')
  assert.equal(moveLine(editor('o|ne'), -1), undefined)
  assert.equal(moveLine(editor('o|ne'), 1), undefined)
})

test('whatever is done, the cursor stands between two whole characters', () => {
  const act = fc.oneof(
    fc.constantFrom(...(Object.keys(edits) as Edit[])),
    fc.constantFrom(-1 as const, 1 as const),
    fc.constantFrom('a', '日', '👍🏽', '👨‍👩‍👧', '❤️', ' ', '\n').map((text) => ({ text })),
  )
  fc.assert(
    fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
      let now = emptyEditor
      for (const next of acts) {
        if (typeof next === 'string') now = edits[next](now)
        else if (typeof next === 'number') now = moveLine(now, next) ?? now
        else now = insert(now, next.text)

        let end = 0
        const places = [0, ...graphemesOf(now.text).map((grapheme) => (end += grapheme.length))]
        assert.ok(places.includes(now.cursor), JSON.stringify(now))
      }
    }),
  )
})
