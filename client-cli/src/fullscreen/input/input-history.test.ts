import assert from 'node:assert/strict'
import { test } from 'node:test'
import { editorWith, emptyEditor } from './editor.ts'
import { emptyHistory, recall, remember } from './input-history.ts'

const sent = remember(remember(emptyHistory, 'one'), 'two')

test('what was sent comes back, the last first, and what was being written after it', () => {
  const writing = editorWith('half a')
  const last = recall(sent, writing, -1)
  const first = last && recall(last.history, last.editor, -1)
  const back = first && recall(first.history, first.editor, 1)
  const end = back && recall(back.history, back.editor, 1)

  assert.deepEqual(
    [last, first, back, end].map((step) => step?.editor.text),
    ['two', 'one', 'two', 'half a'],
  )
})

test('there is nothing before the first and nothing after what is new', () => {
  const last = recall(sent, emptyEditor, -1)
  const first = last && recall(last.history, last.editor, -1)

  assert.equal(first && recall(first.history, first.editor, -1), undefined)
  assert.equal(recall(sent, emptyEditor, 1), undefined)
})

test('the same text sent again is kept once', () => {
  assert.deepEqual(remember(sent, 'two').sent, ['one', 'two'])
})
