import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findNeedles, needle } from './needles.ts'

const secret = 'under the old clock'

test('a secret is found in whatever form it was written down', () => {
  const sentence = Buffer.from(`we meet ${secret} at noon ?>?>`)
  const forms = [
    sentence,
    ...[0, 1, 2].map((begin) => Buffer.from(sentence.subarray(begin).toString('base64'))),
    ...[0, 1, 2].map((begin) => Buffer.from(sentence.subarray(begin).toString('base64url'))),
    Buffer.from(sentence.toString('hex')),
    Buffer.from(sentence.toString('hex').toUpperCase()),
  ]

  for (const form of forms)
    assert.deepEqual(findNeedles(form, [needle('it', secret)]), ['it'], form.toString())
})

test('what is not there is not found', () => {
  assert.deepEqual(findNeedles(Buffer.from('under the new clock'), [needle('it', secret)]), [])
})
