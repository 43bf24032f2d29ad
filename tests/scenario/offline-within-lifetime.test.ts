import assert from 'node:assert/strict'
import { test } from 'node:test'
import { someoneIsAway, untilStored } from '../support/absence.ts'
import { startCluster } from '../support/cluster.ts'
import { collect } from '../support/collect.ts'
import { openClient } from '../support/people.ts'

const each = 8

test('who comes back within the lifetime gets everything of every sender, once and in order', async () => {
  await using cluster = await startCluster({ servers: 3, ttlSeconds: 30 })
  const { writers, away } = await someoneIsAway(cluster, 'bob', ['alice', 'carol', 'dave'])
  const texts = (name: string) => Array.from({ length: each }, (_, index) => `${name} ${index}`)

  const sent = await Promise.all(
    writers.map(async (writer) => {
      const ids: string[] = []
      for (const text of texts(writer.username as string))
        ids.push((await writer.send('bob', { text })).id)
      await untilStored(writer, 'bob', ids)
      return { writer, ids }
    }),
  )
  const bob = await openClient(cluster.url, away)
  const heard = collect(bob)
  assert.equal(await bob.resume(), true)
  await heard.until(each * writers.length)

  for (const { writer, ids } of sent)
    for (const id of ids) assert.deepEqual(await writer.settled(id), { kind: 'delivered' })
  assert.equal(heard.messages.length, each * writers.length)
  for (const { writer } of sent) {
    const name = writer.username as string
    assert.deepEqual(heard.textsFrom(name), texts(name))
    const history = await bob.history(name)
    assert.deepEqual(
      history.map((message) => message.kind === 'text' && message.text),
      texts(name),
    )
    // Each message names the one before it: nobody has left one out or turned two round.
    for (const message of heard.messages)
      assert.ok('isLate' in message && !message.isLate && !message.isMissingBefore)
  }

  // Coming back a second time brings nothing a second time.
  await bob.close()
  const again = await openClient(cluster.url, away)
  const heardAgain = collect(again)
  await again.resume()
  await sent[0]?.writer.send('bob', { text: 'the last' })
  await heardAgain.untilText('the last')
  assert.deepEqual(heardAgain.texts(), ['the last'])
  await Promise.all([again, ...writers].map((client) => client.close()))
})
