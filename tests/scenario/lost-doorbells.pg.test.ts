import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startCluster } from '../support/cluster.ts'
import { collect } from '../support/collect.ts'
import { loseDoorbells } from '../support/lose-doorbells.ts'
import { newInstallation, signedUp } from '../support/people.ts'
import { pinnedApi } from '../support/pinned-api.ts'
import { openSql } from '../support/sql.ts'

test('without a single doorbell messages and their outcomes still arrive within seconds', async () => {
  await using cluster = await startCluster({ servers: 2, env: { FASTCHAT_BUS: 'postgres' } })
  await using sql = await openSql(cluster.databaseUrl)
  const on = (id: number) => ({ ...newInstallation(), api: pinnedApi(cluster.serverUrl(id)) })
  const alice = await signedUp(cluster.url, 'alice', on(1))
  const bob = await signedUp(cluster.url, 'bob', on(2))
  const heard = collect(bob)
  await loseDoorbells(sql)
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
  assert.ok((await sql.count('SELECT last_value FROM deaf.lost_notes')) >= 10)
  await Promise.all([alice.close(), bob.close()])
})

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] as number
}
