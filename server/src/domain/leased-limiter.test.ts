import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Log } from '../observability/log.ts'
import type { RateLimitStore } from '../store/rate-limits.ts'
import { RateLimitedError } from './errors.ts'
import { createLeasedLimiter } from './leased-limiter.ts'

function startLimiter(bucket: { tokens: number; fails?: boolean }) {
  let calls = 0
  let now = 0
  const warnings: string[] = []
  const grant = (wanted: number) => {
    if (bucket.fails) throw new Error('no database')
    const granted = Math.min(wanted, bucket.tokens)
    bucket.tokens -= granted
    return granted
  }
  const rateLimits: RateLimitStore = {
    async takeTokens(_bucket, wanted) {
      calls += 1
      return grant(wanted)
    },
    async takeTokensOfEach(buckets, wanted) {
      calls += 1
      return buckets.map(() => grant(wanted))
    },
    findWaitMs: async () => 100,
    deleteIdle: async () => {},
  }
  const log: Log = {
    debug() {},
    info() {},
    warn: (event) => warnings.push(event),
    error() {},
  }
  const limiter = createLeasedLimiter({
    rateLimits,
    log,
    name: 'send',
    rate: { burst: 100, perSecond: 10 },
    maxKeys: 3,
    now: () => now,
  })
  return {
    limiter,
    warnings,
    calls: () => calls,
    passMs: (ms: number) => {
      now += ms
    },
    takeTimes: async (times: number, key = 'laptop') => {
      for (let taken = 0; taken < times; taken += 1) await limiter.take(key)
    },
  }
}

test('forty sends cost two calls', async () => {
  const { takeTimes, calls } = startLimiter({ tokens: 100 })

  await takeTimes(40)

  assert.equal(calls(), 2)
})

test('sends at the same time share a lease and take no token twice', async () => {
  const { limiter, calls } = startLimiter({ tokens: 30 })

  const results = await Promise.allSettled(Array.from({ length: 50 }, () => limiter.take('laptop')))

  assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 30)
  assert.ok(calls() <= 3)
})

test('whoever goes on is leased more before the last token, together with the others', async ({
  mock,
}) => {
  mock.timers.enable({ apis: ['setTimeout'] })
  const { takeTimes, calls } = startLimiter({ tokens: 1000 })
  await takeTimes(10)
  await takeTimes(15, 'phone')
  await takeTimes(9, 'tablet')
  assert.equal(calls(), 3)

  mock.timers.tick(250)
  await takeTimes(30)
  await takeTimes(25, 'phone')

  assert.equal(calls(), 4)
})

test('what was leased beforehand is no more than the bucket holds, and then it refuses', async ({
  mock,
}) => {
  mock.timers.enable({ apis: ['setTimeout'] })
  const { takeTimes, limiter } = startLimiter({ tokens: 25 })
  await takeTimes(20)

  mock.timers.tick(250)
  await takeTimes(5)

  await assert.rejects(limiter.take('laptop'), RateLimitedError)
})

test('a lease that could not be filled beforehand is filled when it is needed', async ({
  mock,
}) => {
  mock.timers.enable({ apis: ['setTimeout'] })
  const bucket = { tokens: 1000, fails: false }
  const { takeTimes, calls, warnings } = startLimiter(bucket)
  await takeTimes(15)

  bucket.fails = true
  mock.timers.tick(250)
  await takeTimes(1)
  bucket.fails = false
  await takeTimes(10)

  assert.equal(calls(), 3)
  assert.deepEqual(warnings, [])
})

test('an empty bucket refuses with its wait, and is not asked again until then', async () => {
  const { limiter, takeTimes, calls, passMs } = startLimiter({ tokens: 1 })
  await takeTimes(1)

  for (let tries = 0; tries < 5; tries += 1)
    await assert.rejects(
      limiter.take('laptop'),
      (error) => error instanceof RateLimitedError && error.retryAfterMs === 100,
    )
  assert.equal(calls(), 2)

  passMs(100)
  await assert.rejects(limiter.take('laptop'), RateLimitedError)
  assert.equal(calls(), 3)
})

test('one key does not use up another', async () => {
  const { limiter, takeTimes, calls } = startLimiter({ tokens: 100 })
  await takeTimes(1)

  await limiter.take('phone')

  assert.equal(calls(), 2)
})

test('a lease that was idle for more than ten seconds is given up', async () => {
  const { takeTimes, calls, passMs } = startLimiter({ tokens: 100 })
  await takeTimes(1)

  passMs(10_000)
  await takeTimes(1)
  assert.equal(calls(), 1)

  passMs(10_001)
  await takeTimes(1)
  assert.equal(calls(), 2)
})

test('without a database messages are let through, and it is said', async () => {
  const { takeTimes, warnings } = startLimiter({ tokens: 0, fails: true })

  await takeTimes(3)

  assert.deepEqual(warnings, ['limiter-unavailable'])
})
