import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Circumstances, findAlerts } from './find-alerts.ts'
import { goodDay, now, samples, withServer } from './testing/circumstances.ts'

const kindsOf = (circumstances: Circumstances) => findAlerts(circumstances).map(({ kind }) => kind)
const ago = (ms: number) => new Date(now.getTime() - ms)
const slowness = { pingP99Ms: 180, othersP90Ms: 9, forSeconds: 70 }

test('on a good day there is no alert', () => {
  assert.deepEqual(findAlerts(goodDay()), [])
})

test('every alert says what is wrong and what to do, in sentences', () => {
  const bad: Circumstances[] = [
    goodDay({ databaseAnswers: false }),
    goodDay({ servers: [] }),
    withServer(4, { condition: 'DOWN', rank: null }),
    withServer(4, { condition: 'SLOW', slowness }),
    goodDay({ balancer: { isUp: false, seenAt: ago(9000), version: null } }),
    goodDay({ waiting: { ...goodDay().waiting, oldestMs: 112_000 } }),
    goodDay({ sweeper: { ...goodDay().sweeper, lastRunAt: ago(20_000) } }),
  ]

  for (const circumstances of bad)
    for (const { title, advice } of findAlerts(circumstances)) {
      assert.match(title, /^[A-Z0-9].*\.$/)
      assert.match(advice, /^[A-Z].*\.$/)
    }
  assert.deepEqual(bad.flatMap(kindsOf), [
    'DATABASE_DOWN',
    'NO_SERVER',
    'SERVER_DOWN',
    'SERVER_SLOW',
    'BALANCER_DOWN',
    'OLDEST_WAITING',
    'SWEEPER_LATE',
  ])
})

test('a server that does not answer is told with how long it has been silent', () => {
  const [alert] = findAlerts(withServer(3, { condition: 'DOWN', sampledAt: ago(12_000) }))

  assert.equal(alert?.serverId, 3)
  assert.equal(alert?.title, 'Server 3 does not answer, for 12 s.')
  assert.deepEqual(alert?.since, ago(12_000))
})

test('a server that was drained and then stopped is no alarm', () => {
  const drain = { at: now, by: 'olga', reason: null }

  assert.deepEqual(kindsOf(withServer(3, { condition: 'DOWN', drain })), [])
  assert.deepEqual(kindsOf(withServer(3, { condition: 'DRAINING', drain, rank: null })), [])
})

test('a slow server with a full pool is told to look at the pool first', () => {
  const [alert] = findAlerts(
    withServer(4, { condition: 'SLOW', slowness, pool: { used: 20, max: 20, waiting: 7 } }),
  )

  assert.equal(
    alert?.title,
    'Server 4 is slower than the others: ping p99 180 ms, the others mostly within 9 ms.',
  )
  assert.equal(alert?.advice, 'Look at its database pool first (20 of 20). Drain it if this lasts.')
  assert.deepEqual(alert?.since, ago(70_000))
})

test('a busy event loop and a full pool count only when they last', () => {
  const loop = (from: number) =>
    samples(2, 60, (index) => ({ loopDelayP99Ms: index >= from ? 64 : 2 }))
  const pool = (from: number) =>
    samples(2, 60, (index) => ({
      pool: { used: index >= from ? 20 : 3, max: 20, waiting: index >= from ? 5 : 0 },
    }))

  assert.deepEqual(kindsOf(withServer(2, { samples: loop(52) })), [])
  assert.deepEqual(kindsOf(withServer(2, { samples: loop(45) })), ['LOOP_DELAY'])
  assert.deepEqual(kindsOf(withServer(2, { samples: pool(35) })), [])
  assert.deepEqual(kindsOf(withServer(2, { samples: pool(25) })), ['POOL_FULL'])
})

test('a full pool that nobody waits for is as large as it should be', () => {
  const busy = samples(2, 60, () => ({ pool: { used: 20, max: 20, waiting: 0 } }))

  assert.deepEqual(kindsOf(withServer(2, { samples: busy })), [])
})

test('the oldest message is an alarm ten seconds before it expires, whatever the lifetime', () => {
  const waiting = (oldestMs: number, limitMs: number) =>
    goodDay({ waiting: { ...goodDay().waiting, oldestMs, limitMs } })

  assert.deepEqual(kindsOf(waiting(109_900, 120_000)), [])
  assert.deepEqual(kindsOf(waiting(110_100, 120_000)), ['OLDEST_WAITING'])
  assert.deepEqual(kindsOf(waiting(5600, 6000)), ['OLDEST_WAITING'])
})

test('shares need enough of what they are a share of', () => {
  const day = goodDay()
  const last = (count: number) => day.totals.history.sends.map((_, at) => (at === 299 ? count : 0))
  const expired = (count: number, deliveries: number) =>
    goodDay({
      totals: {
        ...day.totals,
        history: { ...day.totals.history, expired: last(count), deliveries: last(deliveries) },
      },
    })
  const errors = (count: number, errorShare: number) =>
    goodDay({
      totals: {
        ...day.totals,
        errorShare,
        history: { ...day.totals.history, errors: last(count) },
      },
    })

  assert.deepEqual(kindsOf(expired(4, 0)), [])
  assert.deepEqual(kindsOf(expired(6, 0)), ['EXPIRED_SHARE'])
  assert.deepEqual(kindsOf(expired(6, 200)), [])
  assert.deepEqual(kindsOf(errors(2, 0.5)), [])
  assert.deepEqual(kindsOf(errors(3, 0.02)), ['ERROR_SHARE'])
  assert.deepEqual(kindsOf(errors(3, 0.009)), [])
})

test('the worst comes first', () => {
  const day = goodDay({ sweeper: { ...goodDay().sweeper, lastRunAt: ago(60_000) } })
  const servers = withServer(2, { condition: 'DOWN' }).servers

  assert.deepEqual(kindsOf({ ...day, servers }), ['SERVER_DOWN', 'SWEEPER_LATE'])
})
