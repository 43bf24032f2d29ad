import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Circumstances, findAlerts } from './find-alerts.ts'
import { giveVerdict } from './give-verdict.ts'
import { goodDay, healthyServer, withServer } from './testing/circumstances.ts'

const verdictOn = (circumstances: Circumstances) =>
  giveVerdict(circumstances, findAlerts(circumstances))
const slowness = { pingP99Ms: 180.4, othersP90Ms: 9, forSeconds: 70 }
const drain = { at: new Date(0), by: 'olga', reason: null }

test('on a good day the verdict is one short sentence', () => {
  assert.deepEqual(verdictOn(goodDay()), {
    state: 'OK',
    headline: 'All five servers healthy.',
    detail: null,
    sentence: 'All five servers healthy.',
  })
})

test('a slow server is told with its ping and the cause that can be seen', () => {
  const verdict = verdictOn(
    withServer(4, { condition: 'SLOW', slowness, pool: { used: 20, max: 20, waiting: 3 } }),
  )

  assert.equal(verdict.state, 'DEGRADED')
  assert.equal(
    verdict.sentence,
    'Four of five servers healthy. Server 4 is slow: ping p99 180 ms, database pool full.',
  )
})

test('a server that does not answer degrades the whole, and no server at all is down', () => {
  const one = verdictOn(withServer(2, { condition: 'DOWN', rank: null }))
  const all = verdictOn(
    goodDay({ servers: [1, 2].map((id) => healthyServer(id, { condition: 'DOWN', rank: null })) }),
  )

  assert.equal(one.state, 'DEGRADED')
  assert.equal(one.sentence, 'Four of five servers healthy. Server 2 does not answer.')
  assert.equal(all.state, 'DOWN')
  assert.equal(all.headline, 'No server takes clients.')
})

test('a drain is nobody’s trouble, but is told, with how many are left', () => {
  const draining = verdictOn(
    withServer(5, { condition: 'DRAINING', drain, rank: null, sockets: 12 }),
  )
  const drained = verdictOn(withServer(5, { condition: 'DRAINED', drain, rank: null, sockets: 0 }))

  assert.equal(draining.state, 'OK')
  assert.equal(draining.sentence, 'Four of five servers healthy. Server 5 is draining, 12 left.')
  assert.equal(drained.sentence, 'Four of five servers healthy. Server 5 is drained.')
})

test('without its database the service is down, and nothing else is claimed', () => {
  const verdict = verdictOn(goodDay({ databaseAnswers: false }))

  assert.equal(verdict.state, 'DOWN')
  assert.equal(verdict.headline, 'The database does not answer.')
})

test('messages about to expire, failing operations and a late sweeper are told after the servers', () => {
  const day = goodDay()
  const verdict = verdictOn({
    ...day,
    waiting: { ...day.waiting, oldestMs: 112_400 },
    balancer: { isUp: false, seenAt: new Date(0), version: null },
  })

  assert.equal(
    verdict.sentence,
    'All five servers healthy. The balancer does not run. The oldest message has waited 1:52 of 2:00.',
  )
})

test('one server alone is spoken of as one', () => {
  assert.equal(
    verdictOn(goodDay({ servers: [healthyServer(1)] })).sentence,
    'The only server is healthy.',
  )
})
