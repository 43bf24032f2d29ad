import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startCluster } from '../support/cluster.ts'
import { hears, signedUp } from '../support/people.ts'

test('two people talk through five servers, and each message ends as delivered', async () => {
  await using cluster = await startCluster()
  await using alice = await signedUp(cluster.url, 'alice')
  await using bob = await signedUp(cluster.url, 'bob')

  const heard = hears(bob, 3)
  const sent = [
    await alice.send('bob', { text: 'Hello Bob' }),
    await alice.send('Bob', { text: 'second' }),
    await alice.send('bob', { text: 'third ✓' }),
  ]
  assert.deepEqual(await heard, ['Hello Bob', 'second', 'third ✓'])
  for (const { id } of sent) assert.deepEqual(await alice.settled(id), { kind: 'delivered' })

  const answered = hears(alice, 1)
  await bob.send('alice', { text: 'Hello Alice' })
  assert.deepEqual(await answered, ['Hello Alice'])

  const history = await bob.history('alice')
  assert.deepEqual(
    history.map((message) => message.kind === 'text' && `${message.from}: ${message.text}`),
    ['alice: Hello Bob', 'alice: second', 'alice: third ✓', 'bob: Hello Alice'],
  )
  assert.deepEqual(
    (await alice.safetyNumber('bob')).digits,
    (await bob.safetyNumber('alice')).digits,
  )
})
