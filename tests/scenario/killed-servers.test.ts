import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startCluster } from '../support/cluster.ts'
import { serverOf, startConversation } from '../support/conversation.ts'

test('a server that dies takes no message with it, and its clients move by themselves', async () => {
  await using cluster = await startCluster({ servers: 3 })
  const conversation = await startConversation(cluster)
  const { bob } = conversation
  await conversation.untilFlows(10)

  const died = serverOf(bob)
  await cluster.kill(died)
  await conversation.untilFlows(10)

  assert.notEqual(serverOf(bob), died)
  await conversation.endsWell()
})

test('two servers that die at once, both with somebody on them, take no message with them', async () => {
  await using cluster = await startCluster({ servers: 3 })
  const conversation = await startConversation(cluster)
  const { alice, bob } = conversation
  await conversation.untilFlows(10)

  const used = new Set([serverOf(alice), serverOf(bob)])
  const dying = [...used, ...cluster.serverIds.filter((id) => !used.has(id))].slice(0, 2)
  await Promise.all(dying.map((id) => cluster.kill(id)))
  await conversation.untilFlows(10)

  const left = cluster.serverIds.find((id) => !dying.includes(id))
  assert.deepEqual([serverOf(alice), serverOf(bob)], [left, left])
  await conversation.endsWell()
})
