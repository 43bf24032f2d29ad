import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import type { Log } from '../../observability/log.ts'
import type { RegisteredServer } from '../../store/servers.ts'
import { createBalancer, type Probe, stopAfterMs } from './balancer.ts'

const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} }

function serverRow(id: number, changes: Partial<RegisteredServer> = {}): RegisteredServer {
  return {
    id,
    url: `http://server-${id}`,
    state: 'UP',
    version: '1.0.0',
    messageTtlMs: 120_000,
    sockets: 0,
    startedAt: new Date(1000),
    heartbeatAgeMs: 100,
    drain: null,
    ...changes,
  }
}

function setUp(rows: RegisteredServer[], probe: Probe) {
  return createBalancer({ servers: { listServers: async () => rows }, probe, log: quiet })
}

test('two clients that ask at once both get an answer, from one round of pings', async () => {
  let pings = 0
  let answer = () => {}
  const gate = new Promise<void>((resolve) => {
    answer = resolve
  })
  const balancer = setUp([serverRow(1), serverRow(2)], async () => {
    pings += 1
    await gate
    return { sockets: 0 }
  })

  const [alice, bob] = [balancer.pick(), balancer.pick()]
  answer()
  const views = await Promise.all([alice, bob])

  assert.equal(pings, 2)
  for (const { servers } of views)
    assert.deepEqual(
      servers.map(({ rank }) => rank),
      [1, 2],
    )
  balancer.stop()
})

test('a second question is answered from memory, even while the servers do not answer', async () => {
  let answers = true
  const balancer = setUp([serverRow(1)], async () => {
    if (!answers) await new Promise(() => {})
    return { sockets: 0 }
  })

  await balancer.pick()
  answers = false
  const { servers } = await balancer.pick()

  assert.equal(servers[0]?.rank, 1)
  balancer.stop()
})

test('a thousand arrivals within one second are spread over five equal servers', async () => {
  const balancer = setUp(
    [1, 2, 3, 4, 5].map((id) => serverRow(id)),
    async () => ({ sockets: 0 }),
  )
  const arrivals = new Map<number, number>()

  for (let client = 0; client < 1000; client += 1) {
    const { servers } = await balancer.pick()
    const best = servers[0]?.id ?? 0
    arrivals.set(best, (arrivals.get(best) ?? 0) + 1)
  }

  for (const [id, count] of arrivals)
    assert(count > 150 && count < 250, `server ${id} got ${count}`)
  assert.equal(arrivals.size, 5)
  balancer.stop()
})

test('a server that is dead, stale, draining or down has no rank and comes last', async () => {
  const rows = [
    serverRow(1),
    serverRow(2, { heartbeatAgeMs: 60_000 }),
    serverRow(3, { state: 'DRAINING' }),
    serverRow(4, { state: 'DOWN' }),
    serverRow(5),
  ]
  const balancer = setUp(rows, async ({ id }) => {
    if (id === 1) throw new Error('connection refused')
    return { sockets: 0 }
  })

  const { servers } = await balancer.pick()

  assert.deepEqual(
    servers.map(({ id, rank, state }) => [id, rank, state]),
    [
      [5, 1, 'UP'],
      [1, null, 'DOWN'],
      [2, null, 'DOWN'],
      [3, null, 'DRAINING'],
      [4, null, 'DOWN'],
    ],
  )
  balancer.stop()
})

test('a server with more clients is behind an emptier one with the same ping', async () => {
  const balancer = setUp([serverRow(1), serverRow(2)], async ({ id }) => ({
    sockets: id === 1 ? 400 : 100,
  }))

  const { servers } = await balancer.pick()

  assert.deepEqual(
    servers.map(({ id }) => id),
    [2, 1],
  )
  balancer.stop()
})

test('a server that was not asked for a minute stops pinging, and begins again when asked', async () => {
  mock.timers.enable({ apis: ['setInterval', 'Date'], now: 1_000_000 })
  let pings = 0
  const balancer = setUp([serverRow(1)], async () => {
    pings += 1
    return { sockets: 0 }
  })

  await balancer.pick()
  for (let second = 0; second * 1000 < stopAfterMs; second += 1) await tick()
  const whenItStopped = pings
  for (let second = 0; second < 10; second += 1) await tick()
  const tenSecondsLater = pings
  await balancer.pick()

  assert.equal(whenItStopped, 60)
  assert.equal(tenSecondsLater, whenItStopped)
  assert.equal(pings, whenItStopped + 1)
  balancer.stop()
  mock.timers.reset()
})

test('the balancer role pings without being asked', async () => {
  mock.timers.enable({ apis: ['setInterval', 'Date'], now: 1_000_000 })
  let pings = 0
  const balancer = setUp([serverRow(1)], async () => {
    pings += 1
    return { sockets: 0 }
  })

  balancer.start()
  for (let second = 0; second < 120; second += 1) await tick()

  assert(pings >= 120, `${pings} pings`)
  balancer.stop()
  mock.timers.reset()
})

test('a restarted server begins a history of its own', async () => {
  mock.timers.enable({ apis: ['setInterval', 'Date'], now: 1_000_000 })
  const rows = [serverRow(1)]
  const balancer = setUp(rows, async () => ({ sockets: 0 }))

  await balancer.pick()
  await tick()
  await tick()
  const before = await balancer.pick()
  rows[0] = serverRow(1, { startedAt: new Date(2000) })
  await tick()
  const after = await balancer.pick()

  assert.equal(before.servers[0]?.pingHistory.length, 3)
  assert.equal(after.servers[0]?.pingHistory.length, 1)
  balancer.stop()
  mock.timers.reset()
})

test('when the registry cannot be read, the servers known so far are still pinged', async () => {
  mock.timers.enable({ apis: ['setInterval', 'Date'], now: 1_000_000 })
  let readable = true
  let pings = 0
  const balancer = createBalancer({
    servers: {
      async listServers() {
        if (!readable) throw new Error('no database')
        return [serverRow(1)]
      },
    },
    async probe() {
      pings += 1
      return { sockets: 0 }
    },
    log: quiet,
  })

  await balancer.pick()
  readable = false
  await tick()
  const { servers } = await balancer.pick()

  assert.equal(pings, 2)
  assert.equal(servers[0]?.rank, 1)
  balancer.stop()
  mock.timers.reset()
})

/** One second passes, and what it set off comes to an end. */
async function tick(): Promise<void> {
  mock.timers.tick(1000)
  await new Promise(setImmediate)
}
