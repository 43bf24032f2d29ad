import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { findSlowness } from './find-slow-server.ts'

const pings = (count: number, ms: number | null) => new Array<number | null>(count).fill(ms)
const others = [1, 2, 3].map((id) => ({ id, pings: pings(60, 4) }))
const slowFor = (seconds: number, ms = 180) => ({
  id: 4,
  pings: [...pings(60 - seconds, 4), ...pings(seconds, ms)],
})

test('a server is slow when its p99 is more than five times what the others manage, from the third slow ping on', () => {
  assert.equal(findSlowness(slowFor(2), others), null)
  assert.deepEqual(findSlowness(slowFor(3), others), {
    ...{ pingP99Ms: 180, othersP90Ms: 4, forSeconds: 3 },
  })
})

test('one hiccup of a server is none', () => {
  const hiccup = { id: 4, pings: [...pings(50, 4), 900, ...pings(9, 4)] }

  assert.equal(findSlowness(hiccup, others), null)
})

test('hiccups of the others do not hide a slow server', () => {
  const startedAnew = [1, 2].map((id) => ({ id, pings: [...pings(55, 4), ...pings(5, 400)] }))

  assert.notEqual(findSlowness(slowFor(3), startedAnew), null)
})

test('what is over is over, ten seconds later', () => {
  const recovered = { id: 4, pings: [...pings(30, 180), ...pings(10, 4)] }

  assert.equal(findSlowness(recovered, others), null)
})

test('five times nearly nothing is still nearly nothing', () => {
  const quick = [1, 2, 3].map((id) => ({ id, pings: pings(60, 0.5) }))

  assert.equal(findSlowness(slowFor(30, 40), quick), null)
  assert.notEqual(findSlowness(slowFor(30, 60), quick), null)
})

test('when all are slow, none is slower than the others', () => {
  const allSlow = [1, 2, 3].map((id) => ({ id, pings: pings(60, 100) }))

  assert.equal(findSlowness(slowFor(60, 300), allSlow), null)
})

test('pings without an answer, and a server alone, are not called slow', () => {
  assert.equal(findSlowness({ id: 4, pings: pings(60, null) }, others), null)
  assert.equal(findSlowness(slowFor(60), []), null)
})

test('slow now and then since a minute counts as slow since then', () => {
  const stutter = {
    id: 4,
    pings: Array.from({ length: 120 }, (_, second) => (second >= 60 && second % 3 === 0 ? 200 : 4)),
  }

  assert.equal(findSlowness(stutter, others)?.forSeconds, 60)
})

test('a server that is never above the border is never slow, whatever the others do', () => {
  const ping = fc.option(fc.double({ min: 0, max: 50, noNaN: true }), { nil: null })
  const list = fc.array(ping, { maxLength: 80 })

  fc.assert(
    fc.property(list, fc.array(list, { maxLength: 4 }), (own, theirs) => {
      const servers = theirs.map((pings, id) => ({ id, pings }))
      assert.equal(findSlowness({ id: 9, pings: own }, servers), null)
    }),
  )
})
