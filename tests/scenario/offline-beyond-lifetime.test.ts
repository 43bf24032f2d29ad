import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sendStored, someoneIsAway } from '../support/absence.ts'
import { startCluster } from '../support/cluster.ts'
import { collect } from '../support/collect.ts'
import { runExpiry } from '../support/expiry-run.ts'
import { openClient } from '../support/people.ts'
import { openSql } from '../support/sql.ts'
import { untilTrue } from '../support/until.ts'

test('what nobody fetched in time never arrives, its sender is told, and no table holds it any more', async () => {
  await runExpiry(5)
})

test('what has expired is not delivered even where its bytes cannot be removed yet', async () => {
  await using cluster = await startCluster({ servers: 2, ttlSeconds: 4 })
  await using reader = await openSql(cluster.databaseUrl)
  const { writers, away } = await someoneIsAway(cluster, 'bob', ['alice'])
  const [alice] = writers
  assert.ok(alice)
  const stored = () => reader.count('SELECT count(*) FROM msg_store')
  // Whoever reads the tables for long, such as a backup, keeps the sweeper from emptying them.
  await reader.rows('BEGIN')
  await reader.rows('LOCK TABLE msg_store, msg_bodies IN ACCESS SHARE MODE')
  const id = await sendStored(alice, 'bob', 'too late')
  assert.deepEqual(await alice.settled(id), { kind: 'expired' })
  assert.equal(await stored(), 1)

  const bob = await openClient(cluster.url, away)
  const heard = collect(bob)
  await bob.resume()
  await alice.send('bob', { text: 'in time' })
  await heard.untilText('in time')

  assert.deepEqual(heard.texts(), ['in time'])
  await reader.rows('COMMIT')
  await untilTrue('the tables are empty', async () => (await stored()) === 0)
  await Promise.all([alice.close(), bob.close()])
})
