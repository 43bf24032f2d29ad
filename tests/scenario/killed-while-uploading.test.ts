import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ChatClient } from '@fastchat/client-core'
import { startCluster } from '../support/cluster.ts'
import { newInstallation, nextEvent, reopened, signedUp } from '../support/people.ts'

const size = 10_485_760
const data = Uint8Array.from({ length: size }, (_, index) => (index * 31) % 251)
const file = { data, name: 'film.mp4', type: 'video/mp4' }

test('servers that are killed while a file goes up and down take none of it with them', async () => {
  await using cluster = await startCluster({ servers: 3 })
  await using alice = await signedUp(cluster.url, 'alice')
  await using bob = await signedUp(cluster.url, 'bob')
  const ready = nextEvent(bob, 'file', (message) => message.file.state === 'ready', 60_000)
  const halfUp = nextEvent(alice, 'transfer', ({ done }) => done > size / 2, 60_000)
  const halfDown = nextEvent(bob, 'transfer', ({ done }) => done > size / 3, 60_000)

  await alice.sendFile('bob', file)
  await halfUp
  const first = serverOf(alice)
  await cluster.kill(first)
  await halfDown
  const second = serverOf(bob)
  if (second !== first) await cluster.kill(second)
  const { id } = await ready

  assert.deepEqual(await bob.readFile(id), data)
})

test('a client that ends in mid-upload goes on with its next start, and the file comes whole', async () => {
  await using cluster = await startCluster({ servers: 1 })
  const installation = newInstallation()
  await using before = await signedUp(cluster.url, 'alice', installation)
  await using bob = await signedUp(cluster.url, 'bob')
  const ready = nextEvent(bob, 'file', (message) => message.file.state === 'ready', 60_000)
  const half = nextEvent(before, 'transfer', ({ done }) => done > size / 2, 60_000)

  const { id } = await before.sendFile('bob', file)
  await half
  await before.close()
  await using after = await reopened(cluster.url, installation)
  const seen: number[] = []
  after.on('transfer', ({ done }) => seen.push(done))
  const arrived = await ready

  assert.equal(arrived.id, id)
  assert.deepEqual(await bob.readFile(id), data)
  assert.ok((seen[0] ?? 0) >= size / 2, 'what was there was not sent again')
})

function serverOf({ connection }: ChatClient): number {
  if (connection.kind !== 'live') throw new Error(`"client" expected live, got ${connection.kind}`)
  return Number(connection.server.id)
}
