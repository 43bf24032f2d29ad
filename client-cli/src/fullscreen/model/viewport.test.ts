import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { emptyTimeline, type Timeline } from './timeline.ts'
import { newOf, scrolled, topOf, visibleRows } from './viewport.ts'

/** Entries of so many rows each; the rows are called `a1`, `a2`, `b1`. */
function timelineOf(heights: readonly number[], newFrom?: number) {
  const entries = heights.map((_height, index) => {
    return { kind: 'notice', key: `k${index}`, atMs: 0, text: '', tone: 'quiet' } as const
  })
  const timeline: Timeline = {
    ...emptyTimeline,
    entries,
    ...(newFrom !== undefined && { newFrom: `k${newFrom}` }),
  }
  const rowsAt = (index: number) =>
    Array.from({ length: heights[index] ?? 0 }, (_row, row) => `${index}.${row}`)
  return { timeline, rowsAt, all: heights.flatMap((_height, index) => rowsAt(index)) }
}

test('the window ends with the newest row', () => {
  const { timeline, rowsAt } = timelineOf([1, 3, 2])

  assert.deepEqual(visibleRows(timeline, 4, rowsAt).rows, ['1.1', '1.2', '2.0', '2.1'])
})

test('a page up and a page down come back to the newest', () => {
  const { timeline, rowsAt } = timelineOf([2, 2, 2, 2, 2])
  const up = scrolled(timeline, { height: 4, by: -3, rowsAt })
  const moved = { ...timeline, anchor: up }

  assert.deepEqual(visibleRows(moved, 4, rowsAt).rows, ['1.1', '2.0', '2.1', '3.0'])
  assert.deepEqual(scrolled(moved, { height: 4, by: 3, rowsAt }), { kind: 'end' })
})

test('what comes in while one reads back moves nothing', () => {
  const { timeline, rowsAt } = timelineOf([2, 2, 2, 2])
  const anchor = scrolled(timeline, { height: 3, by: -2, rowsAt })
  const before = visibleRows({ ...timeline, anchor }, 3, rowsAt).rows

  const longer = timelineOf([2, 2, 2, 2, 5, 5])
  const after = visibleRows({ ...longer.timeline, anchor }, 3, longer.rowsAt).rows

  assert.deepEqual(after, before)
})

test('the first row stays at the top, however far one wants to go up', () => {
  const { timeline, rowsAt } = timelineOf([3, 3, 3])
  const anchor = scrolled(timeline, { height: 4, by: -1000, rowsAt })
  const view = visibleRows({ ...timeline, anchor }, 4, rowsAt)

  assert.deepEqual(view, { rows: ['0.0', '0.1', '0.2', '1.0'], isAtStart: true })
  assert.deepEqual(topOf(timeline, 4, rowsAt), anchor)
})

test('many new ones are read from the first of them, few from the newest', () => {
  const many = timelineOf([2, 2, 2, 2], 1)
  const few = timelineOf([2, 2, 2, 2], 3)

  const anchor = newOf(many.timeline, 3, many.rowsAt)
  assert.equal(visibleRows({ ...many.timeline, anchor }, 3, many.rowsAt).rows[0], '1.0')
  assert.deepEqual(newOf(few.timeline, 3, few.rowsAt), { kind: 'end' })
})

test('wherever one scrolls, the window shows rows that follow each other, as many as there are', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 7 }), { maxLength: 12 }),
      fc.integer({ min: 1, max: 9 }),
      fc.array(fc.integer({ min: -12, max: 12 }), { maxLength: 10 }),
      (heights, height, moves) => {
        const { timeline, rowsAt, all } = timelineOf(heights)
        let now = timeline
        for (const by of moves) now = { ...now, anchor: scrolled(now, { height, by, rowsAt }) }

        const { rows, isAtStart } = visibleRows(now, height, rowsAt)
        const start = rows[0] === undefined ? 0 : all.indexOf(rows[0])
        assert.deepEqual(rows, all.slice(start, start + rows.length))
        assert.equal(rows.length, Math.min(height, all.length))
        if (isAtStart) assert.equal(start, 0)
      },
    ),
  )
})
