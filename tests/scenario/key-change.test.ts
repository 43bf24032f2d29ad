import assert from 'node:assert/strict'
import { test } from 'node:test'
import pg from 'pg'
import { startCluster } from '../support/cluster.ts'
import { hears, nextEvent, signedUp } from '../support/people.ts'

test('nothing is sent to a name with a new key until the person accepts it', async () => {
  await using cluster = await startCluster({ servers: 2 })
  await using alice = await signedUp(cluster.url, 'alice')
  await using bob = await signedUp(cluster.url, 'bob')
  const heard = hears(bob, 1)
  await alice.send('bob', { text: 'to bob' })
  assert.deepEqual(await heard, ['to bob'])
  await alice.verify('bob')

  await takeName(cluster.databaseUrl, 'bob')
  // The servers remember whose name it was; after this they do not.
  for (const id of cluster.serverIds) await cluster.kill(id)
  for (const id of cluster.serverIds) await cluster.restart(id)
  await cluster.untilRanked(cluster.serverIds)
  await using mallory = await signedUp(cluster.url, 'bob')
  const warned = nextEvent(alice, 'key-changed')
  const { id } = await alice.send('bob', { text: 'a secret' })
  await nextEvent(alice, 'delivery', (news) => news.id === id && news.state.kind === 'held')

  assert.deepEqual(await warned, { username: 'bob' })
  const seen = await alice.lookUp('bob')
  assert.deepEqual([seen?.hasNewKey, seen?.isVerified], [true, false])
  assert.equal(
    (await alice.safetyNumber('bob')).digits,
    (await mallory.safetyNumber('alice')).digits,
  )
  assert.deepEqual(await mallory.history('alice'), [])

  const arrived = hears(mallory, 1)
  await alice.acceptKey('bob')
  assert.deepEqual(await arrived, ['a secret'])
  assert.equal((await alice.lookUp('bob'))?.isVerified, false)
})

/** What a server can do that lies about who a name belongs to. */
async function takeName(databaseUrl: string, username: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await client.query(
      `UPDATE clients SET username = $1 || '-gone', username_skeleton = $1 || '-gone' WHERE username = $1`,
      [username],
    )
  } finally {
    await client.end()
  }
}
