import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ChatClient } from '@fastchat/client-core'
import { startCluster } from '../support/cluster.ts'
import { collect } from '../support/collect.ts'
import { newInstallation, signedUp } from '../support/people.ts'
import { pinnedApi } from '../support/pinned-api.ts'

const each = 25
const names = Array.from({ length: 8 }, (_, index) => `writer${index + 1}`)

test('eight people write at once through different servers, and a live reader misses, doubles and reorders nothing', async () => {
  await using cluster = await startCluster({ servers: 3 })
  const bob = await signedUp(cluster.url, 'bob')
  const heard = collect(bob)
  const writers: ChatClient[] = []
  for (const [index, name] of names.entries()) {
    const api = pinnedApi(cluster.serverUrl(1 + (index % cluster.serverIds.length)))
    writers.push(await signedUp(cluster.url, name, { ...newInstallation(), api }))
  }

  const written = (name: string) => Array.from({ length: each }, (_, index) => `${name} ${index}`)
  const sent = await Promise.all(
    writers.map(async (writer) => {
      const ids: string[] = []
      for (const text of written(writer.username as string))
        ids.push((await writer.send('bob', { text })).id)
      return { writer, ids }
    }),
  )
  await heard.until(each * names.length)
  for (const { writer, ids } of sent)
    for (const id of ids) assert.deepEqual(await writer.settled(id), { kind: 'delivered' })

  assert.equal(heard.messages.length, each * names.length)
  for (const name of names) assert.deepEqual(heard.textsFrom(name), written(name))
  for (const message of heard.messages)
    assert.ok('isLate' in message && !message.isLate && !message.isMissingBefore)
  await Promise.all([bob, ...writers].map((client) => client.close()))
})
