import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { ChatClient } from '@fastchat/client-core'
import { sendStored, someoneIsAway } from '../support/absence.ts'
import { askOverHttp } from '../support/ask-over-http.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { collect } from '../support/collect.ts'
import { countOutcomes } from '../support/count-outcomes.ts'
import { createOperator } from '../support/operator.ts'
import { openClient } from '../support/people.ts'
import { openSql, type Sql } from '../support/sql.ts'
import {
  type OperationsWatch,
  type Seen,
  seenFields,
  watchOperations,
} from '../support/watch-operations.ts'

const toldWithinMs = 3000
const healthy = 'All three servers healthy.'
const ttlSeconds = 30

let cluster: Cluster
let sql: Sql
let token: string
let watch: OperationsWatch

before(async () => {
  cluster = await startCluster({ servers: 3, ttlSeconds })
  sql = await openSql(cluster.databaseUrl)
  token = await createOperator(sql)
  watch = await watchOperations(cluster.serverUrl(1), token)
  await watch.untilTold('all is well', ({ verdict }) => verdict.sentence === healthy)
})
after(async () => {
  watch.close()
  await sql[Symbol.asyncDispose]()
  await cluster.close()
})

async function isToldInTime(
  what: string,
  isTold: (seen: Seen) => boolean,
  mark?: number,
): Promise<Seen> {
  const { seen, tookMs } = await watch.untilTold(what, isTold, mark)
  assert.ok(tookMs < toldWithinMs, `${what}: told after ${Math.round(tookMs)} ms`)
  return seen
}

const serverOf = (seen: Seen, id: number) => seen.servers.find((server) => server.id === id)

test('a server that is killed is told within three seconds, and that it is back', async () => {
  await cluster.kill(3)
  const seen = await isToldInTime('server 3 is gone', ({ verdict }) =>
    verdict.sentence.includes('Server 3 does not answer.'),
  )

  assert.equal(seen.verdict.state, 'DEGRADED')
  assert.equal(serverOf(seen, 3)?.condition, 'DOWN')
  assert.equal(serverOf(seen, 3)?.rank, null)
  assert.deepEqual(seen.alerts, [{ kind: 'SERVER_DOWN', serverId: 3 }])
  await cluster.restart(3)
  await isToldInTime('server 3 is back', (now) => serverOf(now, 3)?.condition === 'UP')
})

test('a server that is stopped in its tracks is told within three seconds, and that it goes on', async () => {
  cluster.freeze(2)
  const seen = await isToldInTime('server 2 hangs', ({ verdict }) =>
    verdict.sentence.includes('Server 2 does not answer.'),
  )
  cluster.thaw(2)

  assert.equal(serverOf(seen, 2)?.condition, 'DOWN')
  await isToldInTime('server 2 goes on', (now) => serverOf(now, 2)?.condition !== 'DOWN')
})

test('a balancer that is gone is told, and servers go on answering', async () => {
  await cluster.kill(0)
  await watch.untilTold('the balancer is gone', ({ alerts }) =>
    alerts.some(({ kind }) => kind === 'BALANCER_DOWN'),
  )
  await cluster.restart(0)
  await watch.untilTold('it is back', ({ balancer }) => balancer.isUp)

  const { data } = await askOverHttp(cluster.url, `{ operations { ${seenFields} } }`, {}, token)
  assert.equal(data?.operations.answeredBy, 0)
  assert.equal(data?.operations.servers.length, 3)
})

test('what waits, for whom and how long agrees with the database, at every server, until it has expired', async () => {
  const { writers, away } = await someoneIsAway(cluster, 'bob', ['alice', 'carol'])
  const [alice, carol] = writers
  assert.ok(alice && carol)
  const mark = watch.mark()
  const lost = await Promise.all([
    sendStored(alice, 'bob', 'one'),
    sendStored(alice, 'bob', 'two'),
    sendStored(carol, 'bob', 'three'),
  ])
  const [stored] = await sql.rows<{ messages: number; bytes: number }>(
    'SELECT count(*)::int AS messages, sum(size)::int AS bytes FROM msg_store',
  )

  const seen = await isToldInTime('three wait', ({ waiting }) => waiting.messages === 3, mark)
  const elsewhere = await askOverHttp(cluster.url, `{ operations { ${seenFields} } }`, {}, token)

  assert.deepEqual({ messages: seen.waiting.messages, bytes: seen.waiting.bytes }, stored)
  assert.equal(seen.waiting.limitMs, ttlSeconds * 1000)
  assert.equal(seen.waiting.recipientCount, 1)
  assert.deepEqual(
    seen.waiting.recipients.map(({ messages, bytes }) => ({ messages, bytes })),
    [stored],
  )
  assert.deepEqual(elsewhere.data?.operations.waiting.recipients, seen.waiting.recipients)
  assert.equal(sum(seen.waiting.ages.map(({ messages }) => messages)), 3)
  assert.ok((seen.waiting.oldestMs ?? 0) < ttlSeconds * 1000)

  await watch.untilTold(
    'the oldest is about to expire',
    ({ alerts }) => alerts.some(({ kind }) => kind === 'OLDEST_WAITING'),
    mark,
  )
  await watch.untilTold('nothing waits any more', ({ waiting }) => waiting.messages === 0)
  await watch.untilTold('three have expired', ({ outcomes }) => outcomes.expired === 3, mark)
  assert.deepEqual(await countOutcomes(sql), { delivered: 0, expired: 3, waiting: 0 })

  const arrived = [await sendStored(carol, 'bob', 'from the store')]
  const bob = await openClient(cluster.url, away)
  const heard = collect(bob)
  await bob.resume()
  await heard.until(1)
  for (const text of ['at once', 'once more']) {
    arrived.push((await alice.send('bob', { text })).id)
    await heard.untilText(text)
  }
  const { seen: ended } = await watch.untilTold(
    'one from the store, two at once',
    ({ outcomes }) => outcomes.atOnce + outcomes.fromStore === 3,
  )

  assert.deepEqual(ended.outcomes, { atOnce: 2, fromStore: 1, expired: 3 })
  assert.deepEqual(await countOutcomes(sql), { delivered: 3, expired: 3, waiting: 0 })
  assert.deepEqual(heard.texts(), ['from the store', 'at once', 'once more'])
  assert.deepEqual(await endsOf([alice, carol], arrived), ['delivered', 'delivered', 'delivered'])
  assert.deepEqual(await endsOf([alice, carol], lost), ['expired', 'expired', 'expired'])
  await Promise.all([alice, bob, carol].map((client) => client.close()))
})

/** What the senders were told of these messages in the end. */
async function endsOf(senders: readonly ChatClient[], ids: readonly string[]): Promise<string[]> {
  const histories = await Promise.all(senders.map((sender) => sender.history('bob')))
  return Promise.all(
    ids.map(async (id) => {
      const sender = senders[histories.findIndex((history) => history.some((one) => one.id === id))]
      return (await sender?.settled(id))?.kind ?? 'unknown'
    }),
  )
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
