import assert from 'node:assert/strict'
import { test } from 'node:test'
import { extend, keptSeconds, latest, noHistory, perMinute, shareOf, thin } from './history.ts'

const told = (until: number, ...sends: (number | null)[]) => ({ until, columns: { sends } })

test('what is told overlaps what is known, and the later word counts', () => {
  const known = extend(noHistory, told(100, 1, 2, 3))

  const { until, columns } = extend(known, told(102, 4, 5, 6))

  assert.equal(until, 102)
  assert.deepEqual(columns.sends, [1, 2, 4, 5, 6])
})

test('seconds that nobody told of are gaps', () => {
  const known = extend(noHistory, told(100, 1, 2))

  assert.deepEqual(extend(known, told(104, 7)).columns.sends, [1, 2, null, null, null, 7])
})

test('a server that is a second behind the last one takes nothing away', () => {
  const known = extend(noHistory, told(100, 1, 2, 3))

  const { until, columns } = extend(known, told(99, 8, 9))

  assert.equal(until, 100)
  assert.deepEqual(columns.sends, [8, 9, 3])
})

test('a server that joins has a column that ends with the others', () => {
  const known = extend(noHistory, told(100, 1, 2, 3))

  const { columns } = extend(known, { until: 101, columns: { sends: [4], 'ping:6': [12] } })

  assert.deepEqual(columns['ping:6'], [12])
  assert.deepEqual(columns.sends, [1, 2, 3, 4])
  assert.deepEqual(latest(columns['ping:6'], 3), [null, null, 12])
})

test('an hour is kept and no more', () => {
  const known = extend(noHistory, told(keptSeconds, ...Array<number>(keptSeconds).fill(1)))

  const { sends } = extend(known, told(keptSeconds + 2, 2, 2)).columns

  assert.equal(sends?.length, keptSeconds)
  assert.deepEqual(sends?.slice(-3), [1, 2, 2])
})

test('per minute is the sum of the sixty seconds before', () => {
  const sums = perMinute([...Array<number>(60).fill(1), 0, 5])

  assert.deepEqual([sums[0], sums[59], sums[60], sums[61]], [1, 60, 59, 63])
})

test('a share of nothing is nothing, and what is not known stays unknown', () => {
  assert.deepEqual(shareOf([0, 1, null], [0, 3, null]), [0, 1 / 3, null])
})

test('fewer points keep the level or the peaks, and the gaps', () => {
  const column = [1, 3, 2, 10, null, null]

  assert.deepEqual(thin(column, 3, 'mean'), [2, 6, null])
  assert.deepEqual(thin(column, 3, 'worst'), [3, 10, null])
  assert.equal(thin(column, 6, 'mean'), column)
})
