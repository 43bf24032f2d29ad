import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { pasteSorter } from './paste.ts'

test('wherever the bytes are cut, the same is read', () => {
  const sent = 'typed\r\u001b[200~one\r\ntwo\tthree\u001b[201~ more\u001b\r\u001b[A'
  const whole = pasteSorter()(sent)
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: sent.length - 1 })), (cuts) => {
      const sort = pasteSorter()
      const places = [...new Set(cuts)].sort((one, other) => one - other)
      const pieces = [0, ...places].map((from, index) => sent.slice(from, places[index]))
      fc.pre(!pieces.includes('\u001b'))
      assert.equal(pieces.map(sort).join(''), whole)
    }),
  )
})

test('a pasted text presses no key: no control character of it comes through', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const pasted = text.replaceAll('\u001b[201~', '')
      const read = pasteSorter()(`\u001b[200~${pasted}\u001b[201~`)
      assert.doesNotMatch(read, /\p{Cc}/u)
    }),
  )
})

test('the escape key does not wait for what follows', () => {
  assert.equal(pasteSorter()('\u001b'), '\u001b')
})

test('what is typed comes through as it is, keys included', () => {
  const keys = 'abc\r\u001b[A\u001b[D\u0003\u007f'

  assert.equal(pasteSorter()(keys), keys)
})
