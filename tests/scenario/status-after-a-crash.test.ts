import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startCluster } from '../support/cluster.ts'
import { serverOf } from '../support/conversation.ts'
import { newInstallation, signedUp } from '../support/people.ts'
import { pinnedApi } from '../support/pinned-api.ts'
import { untilTrue } from '../support/until.ts'

test('who was on a server that died is shown offline within seconds, unless they went on elsewhere', async () => {
  await using cluster = await startCluster({ servers: 2 })
  const on = (id: number) => ({ ...newInstallation(), api: pinnedApi(cluster.serverUrl(id)) })
  const alice = await signedUp(cluster.url, 'alice', on(1))
  const bob = await signedUp(cluster.url, 'bob', on(2))
  const carol = await signedUp(cluster.url, 'carol')
  const isOnline = async (name: string) => (await alice.lookUp(name))?.isOnline
  await untilTrue('both are shown online', async () =>
    Boolean((await isOnline('bob')) && (await isOnline('carol'))),
  )

  // Bob knows no other server; Carol does, wherever she was.
  await cluster.kill(2)
  await untilTrue('bob is shown offline', async () => (await isOnline('bob')) === false, 15_000)
  await carol.connected()
  await untilTrue('carol is shown online', async () => (await isOnline('carol')) === true, 15_000)

  assert.equal(serverOf(carol), 1)
  assert.equal(await isOnline('bob'), false)
  await cluster.restart(2)
  await bob.connected()
  await untilTrue('bob is back', async () => (await isOnline('bob')) === true)

  await carol.close()
  await untilTrue('carol is shown offline', async () => (await isOnline('carol')) === false)
  await Promise.all([alice, bob].map((client) => client.close()))
})
