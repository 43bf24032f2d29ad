import assert from 'node:assert/strict'
import { test } from 'node:test'
import { linePath } from './line-path.ts'

const frame = { width: 100, height: 30, top: 10 }

test('a line goes from edge to edge, with zero at the bottom and the top at the top', () => {
  assert.equal(linePath([0, 10], frame).line, 'M0 28.5L100 1.5')
})

test('a value above the top moves the scale, and not out of the frame', () => {
  assert.equal(linePath([20, 10], frame).line, 'M0 1.5L100 15')
})

test('what is not known is a gap in line and area, and no zero', () => {
  const { line, area } = linePath([5, 5, null, null, 5], frame)

  assert.equal(line, 'M0 15L25 15M100 15')
  assert.equal(area, 'M0 15L25 15L25 30L0 30ZM100 15L100 30L100 30Z')
})

test('nothing known draws nothing', () => {
  assert.deepEqual(linePath([null, null], frame), { line: '', area: '' })
})
