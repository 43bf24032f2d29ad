import assert from 'node:assert/strict'
import { test } from 'node:test'
import { editorWith } from '../input/editor.ts'
import { cycle, suggest } from './suggestions.ts'

test('the only match stands in the line at once', () => {
  const { editor, suggestions } = suggest(editorWith('/ver'), {
    matches: ['/verify '],
    completed: '/ver',
  })

  assert.equal(editor.text, '/verify ')
  assert.equal(suggestions, undefined)
})

test('several matches are offered, and as much as they share is typed', () => {
  const { editor, suggestions } = suggest(editorWith('/send b'), {
    matches: ['bobby ', 'bobine '],
    completed: 'b',
  })

  assert.equal(editor.text, '/send bob')
  assert.deepEqual(suggestions?.items, ['bobby ', 'bobine '])
})

test('Tab goes through them round and round, Shift+Tab the other way', () => {
  const given = { matches: ['ann ', 'bob '], completed: '' }
  let { editor, suggestions } = suggest(editorWith('/send '), given)
  const texts: string[] = []

  for (const by of [1, 1, 1, -1, -1] as const) {
    assert.ok(suggestions)
    ;({ editor, suggestions } = cycle(editor, suggestions, by))
    texts.push(editor.text)
  }

  assert.deepEqual(texts, ['/send ann', '/send bob', '/send ann', '/send bob', '/send ann'])
})

test('nothing that fits changes nothing', () => {
  const editor = editorWith('/send zz')

  assert.deepEqual(suggest(editor, { matches: [], completed: 'zz' }), {
    editor,
    suggestions: undefined,
  })
})
