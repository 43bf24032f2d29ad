import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createDocumentCache } from './document-cache.ts'

test('what is used again and again stays, whatever passes by', () => {
  const cache = createDocumentCache<number>()
  cache.set('often', 0)

  for (let other = 1; other < 20_000; other += 1) {
    cache.set(`seldom ${other}`, other)
    if (other % 100 === 0) assert.equal(cache.get('often'), 0)
  }

  assert.equal(cache.get('often'), 0)
})

test('what is not used any more is forgotten', () => {
  const cache = createDocumentCache<number>()
  cache.set('once', 1)

  for (let other = 0; other < 2000; other += 1) cache.set(`other ${other}`, other)

  assert.equal(cache.get('once'), undefined)
})

test('long documents are forgotten sooner: what is bounded is their text', () => {
  const cache = createDocumentCache<number>()
  const text = 'x'.repeat(100_000)
  for (let other = 0; other < 10; other += 1) cache.set(`${text}${other}`, other)

  const kept = Array.from({ length: 10 }, (_, other) => cache.get(`${text}${other}`)).filter(
    (value) => value !== undefined,
  )

  assert(kept.length <= 6, `${kept.length} were kept`)
})
