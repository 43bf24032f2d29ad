import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startCluster } from './cluster.ts'

test('a balancer ranks the servers that run, leaves out the dead and the draining, and takes back the restarted', async () => {
  await using cluster = await startCluster({ servers: 3 })
  await cluster.untilRanked([1, 2, 3])

  await cluster.kill(2)
  await cluster.untilRanked([1, 3])
  const code = await cluster.stop(3)
  await cluster.untilRanked([1])
  await cluster.restart(2)
  await cluster.restart(3)
  await cluster.untilRanked([1, 2, 3])

  assert.equal(code, 0)
})

test('a frozen server is left out while it is frozen', async () => {
  await using cluster = await startCluster({ servers: 2 })

  cluster.freeze(1)
  await cluster.untilRanked([2])
  cluster.thaw(1)

  await cluster.untilRanked([1, 2])
})
