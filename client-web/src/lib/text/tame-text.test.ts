import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { tameLine, tameText } from './tame-text.ts'

test('marks that reverse what follows are gone, and letters of every script stay', () => {
  assert.equal(tameText('photo\u202Egnp.exe'), 'photognp.exe')
  assert.equal(tameText('שלום مرحبا नमस्ते 👩‍👩‍👧 e\u0301'), 'שלום مرحبا नमस्ते 👩‍👩‍👧 e\u0301')
})

test('a pile of marks on one letter is cut', () => {
  assert.equal(tameText(`e${'\u0301'.repeat(500)}`), `e${'\u0301'.repeat(6)}`)
})

test('one line is one line, whatever was written', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.ok(!/[\n\r\u2028\u2029\u202E]/.test(tameLine(text)))
    }),
  )
})
