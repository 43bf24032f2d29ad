import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createTestDatabase } from '../../../tests/support/database.ts'
import type { Bucket } from '../store/rate-limits.ts'
import { type IdentityServer, startIdentityServer } from '../testing/identity-server.ts'
import { RateLimitedError } from './errors.ts'
import { forgetExpired } from './identity/forget-expired.ts'
import { takeRate } from './rate-limit.ts'

let servers: IdentityServer[]
let drop: () => Promise<void>

const rates = { attach: { burst: 5, perSecond: 0.01 } }

before(async () => {
  const database = await createTestDatabase()
  drop = database.drop
  servers = [1, 2].map(() => startIdentityServer({ url: database.url, serverSetup: '', rates }))
})
after(async () => {
  for (const server of servers) await server.close()
  await drop()
})

const take = (index: number, key: string) => takeRate(serverAt(index).deps, 'attach', key)

function serverAt(index: number): IdentityServer {
  const server = servers[index % servers.length]
  assert.ok(server)
  return server
}

test('servers share a bucket, whatever comes at the same time', async () => {
  const results = await Promise.allSettled(
    Array.from({ length: 20 }, (_, index) => take(index, 'a')),
  )

  assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 5)
})

test('a refusal says how long to wait', async () => {
  for (let taken = 0; taken < 5; taken += 1) await take(taken, 'b')

  await assert.rejects(
    take(0, 'b'),
    (error) =>
      error instanceof RateLimitedError &&
      error.retryAfterMs > 90_000 &&
      error.retryAfterMs <= 100_000,
  )
})

test('a bucket fills up with time', async () => {
  for (let taken = 0; taken < 5; taken += 1) await take(taken, 'c')

  await serverAt(0).query(
    `UPDATE rate_limits SET updated_at = updated_at - interval '100 seconds' WHERE key = 'attach:c'`,
  )

  await take(0, 'c')
  await assert.rejects(take(1, 'c'), RateLimitedError)
})

test('buckets that are asked together each give what they hold, in whatever order they are named', async () => {
  const [d, e] = ['d', 'e'].map((key) => ({ key, burst: 100, perSecond: 0.01 })) as [Bucket, Bucket]
  const ask = (server: number, ...buckets: Bucket[]) =>
    serverAt(server).deps.store.rateLimits.takeTokensOfEach(buckets, 4)
  await serverAt(0).deps.store.rateLimits.takeTokens(d, 90)

  assert.deepEqual(await ask(0, e, d), [4, 4])
  const many = await Promise.all(
    Array.from({ length: 20 }, (_, index) => (index % 2 ? ask(1, d, e) : ask(0, e, d))),
  )

  const totals = [0, 1].map((place) =>
    many.reduce((sum, granted, index) => sum + (granted[index % 2 ? place : 1 - place] ?? 0), 0),
  )
  assert.deepEqual(totals, [6, 80])
  assert.deepEqual(await serverAt(0).deps.store.rateLimits.takeTokensOfEach([], 4), [])
})

test('a limit stays shut when the database fails', async () => {
  const { deps } = serverAt(0)
  const rateLimits = {
    ...deps.store.rateLimits,
    takeTokens: () => Promise.reject(new Error('no database')),
  }

  await assert.rejects(
    takeRate({ ...deps, store: { ...deps.store, rateLimits } }, 'attach', 'd'),
    /no database/,
  )
})

test('what has lost its meaning is forgotten, and nothing else', async () => {
  const { deps, query } = serverAt(0)
  await take(0, 'old')
  await take(0, 'new')
  await query(
    `UPDATE rate_limits SET updated_at = updated_at - interval '1 day' WHERE key = 'attach:old'`,
  )
  await query(`INSERT INTO attempts (key, failures, updated_at, blocked_until) VALUES
    ('old', 3, now() - interval '1 day', NULL), ('waiting', 9, now() - interval '1 hour', now() + interval '1 minute'),
    ('new', 1, now(), NULL)`)
  await query(`INSERT INTO sign_ins (id, username, attempt_key, state, expires_at) VALUES
    (gen_random_uuid(), 'old', '', '', now() - interval '1 second'), (gen_random_uuid(), 'new', '', '', now() + interval '1 minute')`)

  await forgetExpired(deps)

  const kept = await query(`SELECT key FROM rate_limits WHERE key IN ('attach:old', 'attach:new')
    UNION ALL SELECT key FROM attempts UNION ALL SELECT username FROM sign_ins ORDER BY key`)
  assert.deepEqual(
    kept.map(({ key }) => key),
    ['attach:new', 'new', 'new', 'waiting'],
  )
})
