import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ChatClient, Group } from '@fastchat/client-core'
import { startCluster } from '../support/cluster.ts'
import {
  newInstallation,
  nextEvent,
  openClient,
  password,
  reopened,
  signedUp,
} from '../support/people.ts'
import { until } from '../support/until.ts'

test('a group lives through five servers: made, talked in, changed, left and deleted', async () => {
  await using cluster = await startCluster()
  await using alice = await signedUp(cluster.url, 'alice')
  await using bob = await signedUp(cluster.url, 'bob')
  const installation = newInstallation()
  const carol = await signedUp(cluster.url, 'carol', installation)

  const group = await alice.groups.create({ name: 'Reading', members: ['bob', 'carol'] })
  for (const client of [bob, carol]) assert.equal((await at(client, group, 1)).state, 'active')
  await Promise.all(
    [alice, bob, carol].map((client, index) =>
      client.send(group.conversation, { text: `hello ${index}` }),
    ),
  )
  const one = await whole(alice, group, 4)
  for (const client of [bob, carol]) assert.deepEqual(await whole(client, group, 4), one)
  const { id } = await alice.send(group.conversation, { text: 'all there?' })
  assert.deepEqual(await alice.settled(id), { kind: 'delivered' })
  assert.deepEqual(await alice.deliveries(id), [
    { username: 'bob', state: 'DELIVERED' },
    { username: 'carol', state: 'DELIVERED' },
  ])

  await alice.groups.kick(group.id, 'bob')
  await alice.send(group.conversation, { text: 'without bob' })
  await whole(carol, group, 7)
  assert.equal((await at(bob, group, 2)).state, 'kicked')
  assert.ok(!(await whole(bob, group, 6)).includes('without bob'))
  await assert.rejects(bob.send(group.conversation, { text: 'let me in' }), { code: 'FORBIDDEN' })

  await using phone = await openClient(cluster.url)
  await phone.signIn({ username: 'carol', password, deviceName: 'phone' })
  assert.equal((await at(phone, group, 2)).name, 'Reading')
  await carol.close()
  await alice.groups.rename(group.id, 'Writing')
  await alice.groups.handOver(group.id, 'carol')
  await using again = await reopened(cluster.url, installation)
  assert.equal((await at(again, group, 4)).isAdmin, true)

  const gone = nextEvent(alice, 'group', ({ state }) => state === 'deleted')
  await phone.groups.delete(group.id)
  assert.deepEqual((await gone).members, [])
})

function at(client: ChatClient, { id }: Group, version: number): Promise<Group> {
  return until(`${client.username} knows version ${version}`, async () => {
    const group = await client.groups.get(id)
    return group?.version === version ? group : undefined
  })
}

/** What is said and changed there, once it is so much and all of it was accepted. */
function whole(client: ChatClient, { conversation }: Group, count: number) {
  return until(`${client.username} has ${count} lines`, async () => {
    const messages = await client.history(conversation)
    const isPending = messages.some(({ position }) => position.startsWith('p'))
    if (messages.length < count || isPending) return undefined
    return messages.map((message) => (message.kind === 'text' ? message.text : message.kind))
  })
}
