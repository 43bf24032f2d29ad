import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { after, before, test } from 'node:test'
import type { ChatClient } from '@fastchat/client-core'
import { openReadySocket, subscribe } from '../security/support/open-socket.ts'
import { untilStored } from '../support/absence.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { collect } from '../support/collect.ts'
import { newInstallation, openClient, signedUp } from '../support/people.ts'
import { openSql } from '../support/sql.ts'

const bobs = newInstallation()
let cluster: Cluster
let alice: ChatClient

before(async () => {
  cluster = await startCluster({ servers: 2 })
  alice = await signedUp(cluster.url, 'alice')
  await (await signedUp(cluster.url, 'bob', bobs)).close()
})
after(async () => {
  await alice.close()
  await cluster.close()
})

test('a text of 32 KiB in many scripts arrives as it was written', async () => {
  // The original gave up above 117 bytes. Each of these is 4 to 11 bytes long, and none may be cut.
  const text = '👩‍🚀é漢'.repeat(Math.floor((32 * 1024) / Buffer.byteLength('👩‍🚀é漢')))
  const bob = await openClient(cluster.url, bobs)
  const heard = collect(bob)
  await bob.resume()

  await alice.send('bob', { text })
  await heard.until(1)

  assert.equal(heard.texts()[0], text)
  await bob.close()
})

test('a text that is too long is refused with the limit before anything leaves', async () => {
  await using sql = await openSql(cluster.databaseUrl)
  const sentBefore = await sql.count('SELECT count(*) FROM sent_messages')

  await assert.rejects(alice.send('bob', { text: '🙂'.repeat(15_000) }), {
    code: 'PAYLOAD_TOO_LARGE',
  })

  assert.equal(await sql.count('SELECT count(*) FROM sent_messages'), sentBefore)
})

test('messages that pile up come in one piece, and each of them is read', async () => {
  const bob = await openClient(cluster.url, bobs)
  const heard = collect(bob)
  const texts = Array.from({ length: 40 }, (_, index) => `piled up ${index}`)
  const ids: string[] = []
  for (const text of texts) ids.push((await alice.send('bob', { text })).id)
  await untilStored(alice, 'bob', ids)

  await bob.resume()
  await heard.until(texts.length)

  assert.deepEqual(heard.texts(), texts)
  for (const id of ids) assert.deepEqual(await alice.settled(id), { kind: 'delivered' })
  await bob.close()
})

test('requests that a client writes in one piece are each answered', async () => {
  const socket = await openReadySocket(cluster.serverUrl(1))
  const ids = Array.from({ length: 12 }, (_, index) => `request ${index}`)
  const wire = (socket.raw as unknown as { _socket: Socket })._socket

  // One segment on the network: the original read it as one request and answered none.
  wire.cork()
  for (const id of ids) socket.send(subscribe(id, '{ service { serverId } }'))
  wire.uncork()

  for (const id of ids)
    assert.deepEqual((await socket.nextOf(id)).payload, { data: { service: { serverId: 1 } } })
  socket.end()
})
