import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import type { Log } from '../../observability/log.ts'
import type { RankedServer } from '../balancing/rank-servers.ts'
import { UnauthenticatedError } from '../errors.ts'
import { followOperations } from './follow-operations.ts'
import type { Operations } from './operations.ts'
import { createOperationsDesk } from './operations-desk.ts'
import { createPseudonyms } from './recipient-pseudonym.ts'

const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} }
const start = Date.parse('2026-11-22T12:00:00.000Z')

function rankedServer(id: number, state: RankedServer['state'] = 'UP'): RankedServer {
  return {
    ...{ id, url: `http://server-${id}`, state, rank: state === 'UP' ? id : null, drain: null },
    ...{ pingMs: 3, score: 3, sockets: 0, recentPicks: 0, pingHistory: [], version: '1.0.0' },
    startedAt: new Date(start - 60_000),
  }
}

function setUp() {
  const reads: number[] = []
  const world = {
    now: start,
    databaseAnswers: true,
    servers: [rankedServer(1), rankedServer(2)] as RankedServer[],
  }
  const desk = createOperationsDesk({
    store: {
      clock: { now: () => world.now, synchronize: async () => {} },
      samples: {
        write: async () => null,
        async listSamples(seconds) {
          if (!world.databaseAnswers) throw new Error('away')
          reads.push(seconds)
          return []
        },
        findLastSeen: async () => null,
      },
      waiting: {
        measure: async () => {},
        listSamples: async () => [],
        listRecipients: async () => [],
        findSweeper: async () => ({
          ...{ lastRunAt: null, lastExpired: 0, lastTookMs: 0, lastTruncatedAt: null },
        }),
      },
    },
    balancer: {
      look: async () => ({ servers: world.servers, measuredAt: new Date() }),
      measure: async () => {},
    },
    server: { id: 1, url: 'http://server-1', version: '1.0.0', messageTtlMs: 120_000 },
    pseudonyms: createPseudonyms(new Uint8Array(32)),
    sweepEveryMs: 2000,
    log: quiet,
  })
  return { desk, world, reads }
}

test('the first look reads five minutes, and the next only what is new', async () => {
  const { desk, world, reads } = setUp()

  await desk.lookAgain()
  world.now += 1000
  await desk.lookAgain()

  assert.deepEqual(reads, [300, 4])
})

test('many who look at once are answered from one look', async () => {
  const { desk, reads } = setUp()

  const answers = await Promise.all(Array.from({ length: 50 }, () => desk.look()))

  assert.equal(reads.length, 1)
  assert.equal(new Set(answers).size, 1)
})

test('while the database is away the last that was known is told, with a verdict that says so', async () => {
  const { desk, world } = setUp()

  await desk.lookAgain()
  world.databaseAnswers = false
  const { verdict } = await desk.lookAgain()

  assert.equal(verdict.state, 'DOWN')
  assert.equal(verdict.headline, 'The database does not answer.')
})

/** Fires timers by hand, and lets what they began come to its end. */
async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 100) {
    mock.timers.tick(100)
    for (let turn = 0; turn < 5; turn += 1) await new Promise(process.nextTick)
  }
}

test('who follows is told at once and again when a server changes its state, and nothing runs when nobody follows', async (t) => {
  t.after(() => mock.timers.reset())
  mock.timers.enable({ apis: ['setInterval'] })
  const { desk, world, reads } = setUp()
  const told: Operations[] = []

  const stop = desk.follow((operations) => told.push(operations))
  await pass(100)
  assert.equal(told.length, 1)
  world.servers = [rankedServer(1), rankedServer(2, 'DOWN')]
  await pass(200)
  assert.equal(
    told.at(-1)?.verdict.sentence,
    'One of two servers healthy. Server 2 does not answer.',
  )

  stop()
  const before = reads.length
  world.servers = [rankedServer(1), rankedServer(2)]
  await pass(3000)
  assert.equal(reads.length, before)
})

test('a stream ends with the reason when the session of its operator has ended', async () => {
  const { desk } = setUp()
  let isOpen = true
  const store = { operators: { isSessionOpen: async () => isOpen } } as never
  const operator = { sessionId: 's', name: 'olga', expiresAt: new Date(start + 60_000) }
  const stream = followOperations({ desk, store }, operator, 500)

  const first = await stream.next()
  isOpen = false
  const second = await stream.next()
  const third = await stream.next()

  assert.ok(first.value !== undefined && 'verdict' in first.value)
  assert.ok(second.value instanceof UnauthenticatedError)
  assert.equal(third.done, true)
  desk.close()
})

test('a stream outlives an outage of the database, and not its own time', async () => {
  const { desk, world } = setUp()
  const store = {
    operators: {
      async isSessionOpen() {
        if (!world.databaseAnswers) throw new Error('away')
        return true
      },
    },
  } as never
  const operator = { sessionId: 's', name: 'olga', expiresAt: new Date(start + 60_000) }
  world.databaseAnswers = false
  const stream = followOperations({ desk, store }, operator, 500)

  const during = await stream.next()
  world.now = start + 61_000
  const after = await stream.next()

  assert.ok(during.value !== undefined && 'verdict' in during.value)
  assert.equal(during.value.verdict.state, 'DOWN')
  assert.ok(after.value instanceof UnauthenticatedError)
  await stream.return?.()
  desk.close()
})
