import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startCluster } from '../support/cluster.ts'
import { newInstallation, openClient, password, signedUp } from '../support/people.ts'
import { openSql } from '../support/sql.ts'

test('T15: a vault in which the server flipped a bit gives no key, and no device joins with it', async () => {
  await using cluster = await startCluster({ servers: 1 })
  await using sql = await openSql(cluster.databaseUrl)
  const alice = await signedUp(cluster.url, 'alice')
  const bits = 8 * (await sql.count('SELECT octet_length(vault) FROM clients'))
  const flip = (bit: number) =>
    sql.rows('UPDATE clients SET vault = set_bit(vault, $1, 1 - get_bit(vault, $1))', [bit])

  // Version, nonce, ciphertext, tag: wherever it is. client-core's own test flips each.
  for (const bit of [0, 60, Math.floor(bits / 2), bits - 1]) {
    await flip(bit)
    const thief = await openClient(cluster.url, newInstallation())
    await assert.rejects(thief.signIn({ username: 'alice', password, deviceName: 'new' }), {
      code: 'UNTRUSTED_ANSWER',
    })
    await thief.close()
    await flip(bit)
  }

  assert.equal((await alice.devices()).length, 1)
  const second = await openClient(cluster.url, newInstallation())
  assert.deepEqual(await second.signIn({ username: 'alice', password, deviceName: 'new' }), {
    kind: 'signed-in',
  })
  assert.equal((await alice.devices()).length, 2)
  await Promise.all([alice.close(), second.close()])
})
