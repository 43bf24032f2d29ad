import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startCluster } from '../support/cluster.ts'
import { serverOf, startConversation } from '../support/conversation.ts'

test('servers that are stopped one after the other under traffic lose nothing and end with 0', async () => {
  await using cluster = await startCluster({ servers: 2 })
  const conversation = await startConversation(cluster)
  const { alice, bob } = conversation
  await conversation.untilFlows(10)

  for (const id of cluster.serverIds) {
    assert.equal(await cluster.stop(id), 0)
    await conversation.untilFlows(10)
    assert.notEqual(serverOf(alice), id)
    assert.notEqual(serverOf(bob), id)
    await cluster.restart(id)
    await cluster.untilRanked(cluster.serverIds)
  }

  await conversation.endsWell()
  const complaints = cluster.logs().filter((line) => /"level":"(warn|error)"/.test(line))
  assert.deepEqual(complaints, [])
})
