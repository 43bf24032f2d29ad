import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fuzzyFilter } from './fuzzy.ts'

const names = ['carol', 'bob', '#book-club', 'robert', '#ops']
const find = (typed: string) => fuzzyFilter(typed, names, (name) => name)

test('letters in their order are enough, and beginnings of words come first', () => {
  assert.deepEqual(find('bc'), ['#book-club'])
  assert.deepEqual(find('bo')[0], 'bob')
  assert.deepEqual(find('ops'), ['#ops'])
  assert.deepEqual(find('rt'), ['robert'])
})

test('nothing typed leaves the order as it is', () => {
  assert.deepEqual(find('  '), names)
})

test('capital letters do not matter, and letters that are missing do', () => {
  assert.deepEqual(find('BOB')[0], 'bob')
  assert.deepEqual(find('bobx'), [])
})
