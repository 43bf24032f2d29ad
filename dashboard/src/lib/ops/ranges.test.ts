import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hashOf, rangeIn, ranges } from './ranges.ts'

test('a range is read back from the address it was written to', () => {
  for (const minutes of ranges) assert.equal(rangeIn(hashOf(minutes)), minutes)
})

test('an address without a range, or with one that is not offered, shows five minutes', () => {
  for (const hash of ['', '#', '#range=7m', '#range=15', '#range=150m', '#x=<script>'])
    assert.equal(rangeIn(hash), 5)
})
