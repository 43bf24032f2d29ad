import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, beforeEach, test } from 'node:test'
import { createTestDatabase, type TestDatabase } from '../../../../tests/support/database.ts'
import { type Database, openDatabase } from '../../store/database.ts'
import { createDrainOrderStore } from '../../store/drain-orders.ts'
import type { Deps } from '../deps.ts'
import { ConflictError, NotFoundError } from '../errors.ts'
import { drainServer, resumeServer } from './drain-server.ts'

const olga = { sessionId: randomUUID(), name: 'olga', expiresAt: new Date() }

let testDatabase: TestDatabase
let database: Database
/** Servers that answer no ping, though their last heartbeat is fresh. */
let silent: Set<number>

before(async () => {
  testDatabase = await createTestDatabase()
  database = openDatabase({ url: testDatabase.url, poolSize: 4, onError: () => {} })
})
beforeEach(async () => {
  silent = new Set()
  await database.pool.query('TRUNCATE servers, operator_audit')
})
after(async () => {
  await database.close()
  await testDatabase.drop()
})

async function insert(id: number, state = 'UP', beatSecondsAgo = 0): Promise<void> {
  await database.pool.query(
    `INSERT INTO servers (id, url, state, version, ttl_ms, started_at, heartbeat_at)
    VALUES ($1, 'http://127.0.0.1', $2, '1', 120000, now(), now() - make_interval(secs => $3))`,
    [id, state, beatSecondsAgo],
  )
}

const deps = {
  get store() {
    return { drainOrders: createDrainOrderStore(database) }
  },
  desk: {
    async lookAgain() {
      const { rows } = await database.pool.query('SELECT * FROM servers')
      const servers = rows.map(({ id, state, drain_at: drain }) => ({
        ...{ id, drain },
        rank: state === 'UP' && drain === null && !silent.has(id) ? 1 : null,
      }))
      return { servers }
    },
  },
} as unknown as Deps

const drain = (serverId: number) => drainServer(deps, olga, { serverId, reason: null })
const resume = (serverId: number) => resumeServer(deps, olga, { serverId })

async function drained(): Promise<number[]> {
  const { rows } = await database.pool.query(
    'SELECT id FROM servers WHERE drain_at IS NOT NULL ORDER BY id',
  )
  return rows.map(({ id }) => id)
}

test('the last server that takes clients is not drained, and nothing of it is noted', async () => {
  await insert(1)

  await assert.rejects(drain(1), ConflictError)

  assert.deepEqual(await drained(), [])
  const { rowCount } = await database.pool.query('SELECT FROM operator_audit')
  assert.equal(rowCount, 0)
})

test('servers that are down, stopping, silent since long or drained do not count as others', async () => {
  await Promise.all([insert(1), insert(2, 'DOWN'), insert(3, 'DRAINING'), insert(4, 'UP', 60)])
  await assert.rejects(drain(1), ConflictError)

  await insert(5)
  await drain(1)
  await assert.rejects(drain(5), ConflictError)

  assert.deepEqual(await drained(), [1])
})

test('a server that has just died does not count, though its heartbeat is still fresh', async () => {
  await Promise.all([insert(1), insert(2)])
  silent.add(2)

  await assert.rejects(drain(1), ConflictError)
  silent.clear()
  await drain(1)

  assert.deepEqual(await drained(), [1])
})

test('of two operators who drain the last two servers at once, one is refused', async () => {
  await Promise.all([insert(1), insert(2)])

  const answers = await Promise.allSettled([drain(1), drain(2)])

  assert.deepEqual(answers.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected'])
  assert.equal((await drained()).length, 1)
})

test('what is drained already stays so without complaint, and a server that is not there is not found', async () => {
  await Promise.all([insert(1), insert(2)])
  await drain(1)

  await drain(1)
  await assert.rejects(drain(9), NotFoundError)
  await assert.rejects(resume(9), NotFoundError)
  await resume(1)

  assert.deepEqual(await drained(), [])
})
