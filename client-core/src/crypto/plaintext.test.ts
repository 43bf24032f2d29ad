import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodePlaintext, encodePlaintext } from './plaintext.ts'
import { record, text } from './shape.ts'

const shape = record({ text: text((value) => value.length <= 5) })

test('a content comes back as it was', () => {
  const content = { text: 'hello' }

  assert.deepEqual(decodePlaintext(encodePlaintext(content), shape), content)
})

test('a content of another shape is told from one that is read', () => {
  for (const other of [{ text: 'longer' }, { words: 'hello' }, 'hello']) {
    assert.equal(decodePlaintext(encodePlaintext(other), shape), undefined)
  }
})
