import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { test } from 'node:test'
import { cpuSeconds } from '../../bench/support/cpu-time.ts'
import { startCluster } from '../support/cluster.ts'
import { nextEvent, signedUp } from '../support/people.ts'
import { openSql, type Sql } from '../support/sql.ts'
import { untilTrue } from '../support/until.ts'

const crowd = 20
const heartbeats = 5

// In the original every departed client left threads behind that read from a closed socket as fast as they could.
test('servers whose clients have left are as idle as before anybody came, with as few threads and connections', {
  skip: process.platform === 'linux' ? false : 'reads /proc',
}, async () => {
  await using cluster = await startCluster({ servers: 2 })
  const first = await signedUp(cluster.url, 'warm-up')
  await first.close()
  await using sql = await openSql(cluster.databaseUrl)
  const pids = [0, ...cluster.serverIds].map((id) => cluster.pid(id))
  const before = await idleFor(sql, pids)

  const clients = await Promise.all(
    Array.from({ length: crowd }, (_, index) => signedUp(cluster.url, `guest-${index}`)),
  )
  const heard = clients.map((client) => nextEvent(client, 'message'))
  await Promise.all(
    clients.map((client, index) =>
      client.send(`guest-${(index + 1) % crowd}`, { text: `hello from ${index}` }),
    ),
  )
  await Promise.all(heard)
  const busy = { threads: threadsOf(pids), connections: await connectionsTo(sql) }
  await Promise.all(clients.map((client) => client.close()))
  await untilTrue('every socket is closed', async () => (await socketsOf(sql)) === 0)

  const after = await idleFor(sql, pids)

  // A spinning thread alone would add a whole second of CPU a second.
  assert.ok(
    after < before * 3 + 0.5,
    `${after} s of CPU in ${heartbeats} beats, ${before} s before`,
  )
  // Node has its fixed pool of threads: none is added for a client.
  assert.ok(busy.threads <= 20 * pids.length, `${busy.threads} threads for ${crowd} clients`)
  assert.ok(busy.connections <= 12 * pids.length, `${busy.connections} connections to PostgreSQL`)
})

/** CPU seconds that the processes use while each server beats some times. */
async function idleFor(sql: Sql, pids: readonly number[]): Promise<number> {
  const from = await beatOf(sql)
  const began = await cpuSeconds(pids)
  await untilTrue('the servers have beaten', async () => (await beatOf(sql)) >= from + heartbeats)
  return (await cpuSeconds(pids)) - began
}

/** Seconds, of the server that is furthest behind: each beats once a second. */
function beatOf(sql: Sql): Promise<number> {
  return sql.count('SELECT extract(epoch FROM min(heartbeat_at)) FROM servers')
}

function socketsOf(sql: Sql): Promise<number> {
  return sql.count('SELECT sum(sockets) FROM servers')
}

function connectionsTo(sql: Sql): Promise<number> {
  return sql.count('SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()')
}

function threadsOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + readdirSync(`/proc/${pid}/task`).length, 0)
}
