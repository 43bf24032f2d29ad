import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Username } from '../../brands.ts'
import type { ChatClient } from '../../chat-client.ts'
import { createDeviceList } from '../../crypto/device-list-changes.ts'
import { createIdentity } from '../../crypto/identity.ts'
import { createDeviceId } from '../../crypto/ids.ts'
import { until } from '../../testing/fake-clock.ts'
import { settledOf } from '../../testing/groups.ts'
import { type Installed, install } from '../../testing/installed.ts'
import { newWorld, reopened, startClient, texts, type World } from '../../testing/people.ts'
import { person } from '../../testing/vectors/people.ts'

test('a group of 64 devices: each reads what each says, in one order', async () => {
  const world = newWorld()
  const alice = await startClient(world, 'alice')
  const names = Array.from({ length: 63 }, (_, index) => `member-${index + 10}`)
  const others: ChatClient[] = []
  for (const name of names) {
    others.push(await reopened(world, await installMember(world, name as Username)))
  }

  let heard = 0
  for (const client of [alice, ...others]) client.on('message', () => (heard += 1))
  const group = await alice.groups.create({ name: 'Many', members: names })
  await until(world.clock, 'everybody knows of it', () => heard === 64)
  const { id } = await alice.send(group.conversation, { text: 'hello all' })
  await others[7]?.send(group.conversation, { text: 'hello alice' })
  await until(world.clock, 'everybody has both', () => heard === 3 * 64 - 2)

  assert.deepEqual(await settledOf(world, alice, id), { kind: 'delivered' })
  assert.equal((await alice.deliveries(id)).length, 63)
  const [first, ...rest] = await Promise.all(
    [alice, ...others].map((one) => texts(one, group.conversation)),
  )
  for (const other of rest) assert.deepEqual(other, first)
  await Promise.all([alice, ...others].map((client) => client.close()))
})

test('a group of 256 devices: what one says is sealed for the 255 others, near and far', async () => {
  const world = newWorld()
  const alice = await startClient(world, 'alice')
  const names = Array.from({ length: 255 }, (_, index) => `member-${index + 100}` as Username)
  const members: Installed[] = []
  for (const name of names) members.push(await installMember(world, name))
  const group = await alice.groups.create({ name: 'Many', members: names.slice(0, 63) })
  for (const first of [63, 127, 191])
    await alice.groups.add(group.id, names.slice(first, first + 64))

  const { id } = await alice.send(group.conversation, { text: 'hello all' })
  await until(world.clock, 'a server has it', async () => {
    return (await alice.deliveries(id)).length === 255
  })
  for (const index of [0, 127, 254]) {
    const member = await reopened(world, members[index] as Installed)
    await until(world.clock, 'a member has read it', async () =>
      (await texts(member, group.conversation)).includes('hello all'),
    )
    await member.close()
  }
  await alice.close()
})

test('more members than a change can bring in are refused, and so are more than a group holds', async () => {
  const world = newWorld()
  const alice = await startClient(world, 'alice')
  const names = Array.from({ length: 256 }, (_, index) => `member-${index}`)
  const group = await alice.groups.create({ name: 'Few', members: [] })

  await assert.rejects(alice.groups.create({ name: 'Many', members: names }), {
    code: 'PAYLOAD_TOO_LARGE',
    details: { limit: 256 },
  })
  await assert.rejects(alice.groups.add(group.id, names.slice(0, 65)), {
    code: 'PAYLOAD_TOO_LARGE',
    details: { limit: 64 },
  })
})

/** Keys take half a second to make, so all have those of one device; their accounts differ. */
async function installMember({ service }: World, username: Username): Promise<Installed> {
  const [{ keys, encryptionKey, signingKey }] = (await person('bob')).devices
  const device = { id: createDeviceId(), name: 'phone', encryptionKey, signingKey }
  const signedList = await createDeviceList(await createIdentity(), username, device)
  return install({ service, username, deviceId: device.id, keys, signedList })
}
