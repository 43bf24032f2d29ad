import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createAccount } from '../support/account.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { collect } from '../support/collect.ts'
import { installationOf } from '../support/installation-of.ts'
import { type LostDoorbells, loseCalls, loseNotifications } from '../support/lose-doorbells.ts'
import { openClient } from '../support/people.ts'
import { pinnedApi } from '../support/pinned-api.ts'
import { openSql, type Sql } from '../support/sql.ts'

const ways: readonly (readonly [bus: string, lose: (sql: Sql) => Promise<LostDoorbells>])[] = [
  ['mesh', loseCalls],
  ['postgres', loseNotifications],
]

for (const [bus, lose] of ways)
  test(`without a single doorbell of the ${bus} bus messages and their outcomes still arrive within seconds`, async () => {
    await using cluster = await startCluster({ servers: 2, env: { FASTCHAT_BUS: bus } })
    await using sql = await openSql(cluster.databaseUrl)
    const alice = await connectedOn(cluster, sql, 'alice', 1)
    const bob = await connectedOn(cluster, sql, 'bob', 2)
    const heard = collect(bob)
    await using lost = await lose(sql)
    await alice.send('bob', { text: 'first' })
    await heard.untilText('first')

    const heardAfterMs: number[] = []
    const toldAfterMs: number[] = []
    for (const text of ['one', 'two', 'three', 'four', 'five']) {
      const startedAt = performance.now()
      const { id } = await alice.send('bob', { text })
      await heard.untilText(text)
      heardAfterMs.push(performance.now() - startedAt)
      assert.deepEqual(await alice.settled(id), { kind: 'delivered' })
      toldAfterMs.push(performance.now() - startedAt)
    }

    // By the looks, each second and each two seconds. The median, because another process may hold the machine for a moment.
    assert.ok(median(heardAfterMs) < 2500, `heard after ${heardAfterMs.map(Math.round)} ms`)
    assert.ok(median(toldAfterMs) < 6000, `told after ${toldAfterMs.map(Math.round)} ms`)
    assert.deepEqual(heard.texts(), ['first', 'one', 'two', 'three', 'four', 'five'])
    // One each way for each message; what comes while another is being lost is lost with it.
    assert.ok((await lost.count()) >= 5, `${await lost.count()} were lost`)
    await Promise.all([alice.close(), bob.close()])
  })

async function connectedOn(cluster: Cluster, sql: Sql, name: string, server: number) {
  const installation = await installationOf(await createAccount(sql, name))
  const api = pinnedApi(cluster.serverUrl(server))
  const client = await openClient(cluster.url, { ...installation, api })
  await client.resume()
  await client.connected()
  return client
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] as number
}
