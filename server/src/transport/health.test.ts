import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { test } from 'node:test'
import { createMetrics } from '../observability/metrics.ts'
import { createHealthRoutes } from './health.ts'

function setUp() {
  const state = { draining: false, database: true }
  const metrics = createMetrics({ serverId: 3 })
  metrics.watch({
    sockets: () => 12,
    subscriptions: () => 7,
    version: '1.2.3',
    isDraining: () => state.draining,
    pool: () => ({ used: 2, max: 10, waiting: 0 }),
    servers: () => ({ pings: { 1: 3.5, 2: null }, picks: { 1: 9 } }),
    whole: async () =>
      state.database
        ? {
            ...{ waitingMessages: 3, waitingBytes: 4000, oldestMs: 1500, lifetimeMs: 120_000 },
            sweptAt: new Date(1000),
          }
        : Promise.reject(new Error('away')),
    files: () => ({ storedBytes: 0, servedBytes: 0 }),
    deliveries: () => ({ accepted: 5, deliveredAtOnce: 3, deliveredFromStore: 1, expired: 1 }),
  })
  const routes = createHealthRoutes({
    serverId: 3,
    isDraining: () => state.draining,
    openSockets: () => 12,
    async askDatabase() {
      if (!state.database) throw new Error('connection refused to postgresql://hunter2')
    },
    metrics: metrics.text,
  })
  const get = async (path: string) => {
    let status = 0
    let body = ''
    const response = {
      writeHead(code: number) {
        status = code
        return response
      },
      end: (text: string) => {
        body = text
      },
    }
    await routes.get(path)?.(response as unknown as ServerResponse)
    return { status, body }
  }
  return { state, metrics, get }
}

test('a server is ready while its database answers and it is not being drained', async () => {
  const { state, get } = setUp()

  const well = await get('/ready')
  state.database = false
  const withoutDatabase = await get('/ready')
  state.database = true
  state.draining = true
  const draining = await get('/ready')

  assert.deepEqual([well.status, withoutDatabase.status, draining.status], [200, 503, 503])
  assert.doesNotMatch(withoutDatabase.body, /hunter2/)
})

test('a process that lost its database is up all the same: restarting it would help nobody', async () => {
  const { state, get } = setUp()
  state.database = false

  assert.equal((await get('/health')).status, 200)
})

test('a ping tells who answered and how many sockets are open there', async () => {
  const { state, get } = setUp()

  assert.deepEqual(await get('/ping'), { status: 200, body: '{"id":3,"sockets":12}' })
  state.draining = true
  assert.equal((await get('/ping')).status, 503)
})

test('metrics count what happened, under names with their units, and a peer cannot add labels', async () => {
  const { metrics, get } = setUp()

  metrics.graphqlError('NOT_FOUND')
  for (let code = 3000; code < 4400; code += 1) metrics.socketClosed(code)
  metrics.socketClosed(1012)
  await get('/metrics')
  const { body } = await get('/metrics')

  assert.match(body, /^fastchat_sockets\{server="3"\} 12$/m)
  assert.match(body, /^fastchat_messages_accepted_total\{server="3"\} 5$/m)
  assert.match(body, /^fastchat_graphql_errors_total\{code="NOT_FOUND",server="3"\} 1$/m)
  assert.match(body, /^fastchat_sockets_closed_total\{code="1012",server="3"\} 1$/m)
  assert.match(body, /^fastchat_sockets_closed_total\{code="other",server="3"\} 1400$/m)
  assert.equal(body.match(/^fastchat_sockets_closed_total\{/gm)?.length, 2)
  assert.match(body, /nodejs_eventloop_lag_p99_seconds/)
})

test('what is known of all servers is told in base units, and left out while the database is away', async () => {
  const { state, metrics, get } = setUp()
  metrics.ping(1, 3.5)
  metrics.ping(2, null)

  const { body } = await get('/metrics')
  state.database = false
  const { status, body: without } = await get('/metrics')

  assert.match(body, /^fastchat_waiting_oldest_seconds\{server="3"\} 1.5$/m)
  assert.match(body, /^fastchat_sweeper_last_run_timestamp_seconds\{server="3"\} 1$/m)
  assert.match(body, /^fastchat_server_up\{target="2",server="3"\} 0$/m)
  assert.match(
    body,
    /^fastchat_ping_duration_seconds_bucket\{le="0.005",server="3",target="1"\} 1$/m,
  )
  assert.match(body, /^fastchat_pings_missed_total\{target="2",server="3"\} 1$/m)
  assert.match(body, /^fastchat_deliveries_total\{outcome="from_store",server="3"\} 1$/m)
  assert.equal(status, 200)
  assert.doesNotMatch(without, /^fastchat_waiting_/m)
  assert.match(without, /^fastchat_sockets\{/m)
})
