import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ChatClient } from '../chat-client.ts'
import { until } from '../testing/fake-clock.ts'
import { knows, settledOf, startGroup } from '../testing/groups.ts'
import {
  installed,
  installedTwice,
  newWorld,
  reopened,
  startClient,
  textOf,
  texts,
} from '../testing/people.ts'

test('a group that is made is there for each member, with its admin and its first line', async () => {
  const { world, alice, bob, carol, group } = await startGroup()

  assert.equal(group.isAdmin, true)
  for (const client of [bob, carol]) {
    const seen = await knows(world, client, group.id, 1)
    assert.deepEqual({ ...seen, isAdmin: true }, { ...group, isAdmin: true })
    assert.equal(seen.isAdmin, false)
    const [line] = await client.history(group.conversation)
    assert.ok(line?.kind === 'group-change')
    assert.deepEqual(
      [line.action, line.by, line.isMine, line.subjects, line.name],
      ['create', 'alice', false, ['bob', 'carol'], 'Reading'],
    )
  }
  const [conversation] = await alice.conversations()
  assert.deepEqual(conversation?.group, { id: group.id, name: 'Reading' })
  assert.equal(conversation?.peer, undefined)
})

test('a message to a group reaches each member, and its sender sees how far it came to whom', async () => {
  const { world, alice, bob, carol, group } = await startGroup()

  const { id } = await alice.send(group.conversation, { text: 'Chapter one?' })
  for (const client of [bob, carol]) {
    await until(world.clock, 'it came', async () => {
      return (await texts(client, group.conversation)).includes('Chapter one?')
    })
    const message = (await client.history(group.conversation)).at(-1)
    assert.ok(message?.kind === 'text')
    assert.deepEqual([message.from, message.peer, message.isMine], ['alice', undefined, false])
  }

  assert.deepEqual(await settledOf(world, alice, id), { kind: 'delivered' })
  assert.deepEqual(await alice.deliveries(id), [
    { username: 'bob', state: 'DELIVERED' },
    { username: 'carol', state: 'DELIVERED' },
  ])
})

test('who is away counts as a member that has not got it, until it expires', async () => {
  const { world, alice, bob, carol, group } = await startGroup()
  await knows(world, bob, group.id, 1)
  await carol.close()

  const { id } = await alice.send(group.conversation, { text: 'hello' })
  await until(world.clock, 'bob has it', async () => {
    return (await alice.deliveries(id)).some(({ state }) => state === 'DELIVERED')
  })
  const [message] = (await alice.history(group.conversation)).slice(-1)
  assert.ok(message?.kind === 'text' && message.state?.kind === 'stored')
  assert.deepEqual([message.state.delivered, message.state.of], [1, 2])
  await world.clock.advance(100_000)

  assert.deepEqual(await settledOf(world, alice, id), {
    kind: 'partly-delivered',
    delivered: 1,
    of: 2,
  })
  assert.deepEqual(await alice.deliveries(id), [
    { username: 'bob', state: 'DELIVERED' },
    { username: 'carol', state: 'EXPIRED' },
  ])
})

test("all devices show one order, the sender's own too", async () => {
  const { world, alice, bob, carol, group } = await startGroup()
  const everyone = [alice, bob, carol]
  for (const client of everyone) await knows(world, client, group.id, 1)

  for (let round = 0; round < 4; round++) {
    await Promise.all(
      everyone.map((client, index) =>
        client.send(group.conversation, { text: `${round} ${index}` }),
      ),
    )
  }
  await alice.groups.rename(group.id, 'Writing')
  const isWhole = async (client: ChatClient) =>
    (await client.history(group.conversation)).length === 14
  await until(world.clock, 'everything came', async () =>
    (await Promise.all(everyone.map(isWhole))).every(Boolean),
  )
  await until(world.clock, 'all is accepted', async () => {
    const all = await Promise.all(everyone.map((client) => client.history(group.conversation)))
    return all.flat().every((one) => !one.position.startsWith('p'))
  })

  const [first, ...others] = await Promise.all(
    everyone.map((client) => texts(client, group.conversation)),
  )
  for (const other of others) assert.deepEqual(other, first)
})

test('who is kicked gets nothing more and can send nothing more, and keeps the other groups', async () => {
  const { world, alice, bob, carol, group } = await startGroup()
  const other = await alice.groups.create({ name: 'Other', members: ['bob'] })
  await knows(world, bob, other.id, 1)

  const after = await alice.groups.kick(group.id, 'bob')
  assert.deepEqual(
    after.members.map(({ username }) => username),
    ['alice', 'carol'],
  )
  await alice.send(group.conversation, { text: 'without bob' })
  await until(world.clock, 'carol reads it', async () =>
    (await texts(carol, group.conversation)).includes('without bob'),
  )

  const seen = await knows(world, bob, group.id, 2)
  assert.equal(seen.state, 'kicked')
  assert.ok(!(await texts(bob, group.conversation)).includes('without bob'))
  await assert.rejects(bob.send(group.conversation, { text: 'hello?' }), { code: 'FORBIDDEN' })
  await assert.rejects(bob.groups.rename(group.id, 'Mine'), { code: 'FORBIDDEN' })
  assert.equal((await bob.groups.get(other.id))?.state, 'active')
  await bob.send(other.conversation, { text: 'still here' })
  await until(world.clock, 'alice reads it', async () =>
    (await texts(alice, other.conversation)).includes('still here'),
  )
})

test('a message that waits when its sender is kicked fails, and says why', async () => {
  const { world, alice, bob, group } = await startGroup()
  await knows(world, bob, group.id, 1)
  world.service.kill('1')
  world.service.kill('2')
  await until(world.clock, 'bob is off-line', () => bob.connection.kind !== 'live')
  const { id } = await bob.send(group.conversation, { text: 'too late' })
  world.service.restart('1')
  await until(world.clock, 'alice is back', () => alice.connection.kind === 'live')
  await alice.groups.kick(group.id, 'bob')

  assert.deepEqual(await settledOf(world, bob, id), { kind: 'failed', reason: 'FORBIDDEN' })
})

test('a message that was sealed before somebody came is sealed again for them', async () => {
  const world = newWorld()
  const [alice, bob, carol] = [
    await startClient(world, 'alice'),
    await startClient(world, 'bob'),
    await startClient(world, 'carol'),
  ]
  const group = await alice.groups.create({ name: 'Reading', members: ['bob'] })
  await knows(world, bob, group.id, 1)
  world.service.mailboxes.unsafeMute(bob.deviceId ?? '')

  await alice.groups.add(group.id, ['carol'])
  assert.equal((await bob.groups.get(group.id))?.version, 1)
  await bob.send(group.conversation, { text: 'hello all' })
  await until(world.clock, 'carol reads it', async () =>
    (await texts(carol, group.conversation)).includes('hello all'),
  )

  assert.equal((await bob.groups.get(group.id))?.version, 2)
})

test('only an admin changes a group, and the last admin hands over or deletes', async () => {
  const { world, alice, bob, group } = await startGroup()
  await knows(world, bob, group.id, 1)

  await assert.rejects(bob.groups.kick(group.id, 'carol'), { code: 'FORBIDDEN' })
  await assert.rejects(bob.groups.delete(group.id), { code: 'FORBIDDEN' })
  await assert.rejects(alice.groups.leave(group.id), { code: 'FORBIDDEN' })
  await assert.rejects(alice.groups.demote(group.id, 'alice'), { code: 'FORBIDDEN' })
  await assert.rejects(alice.groups.kick(group.id, 'alice'), { code: 'BAD_USER_INPUT' })
  await assert.rejects(alice.groups.kick(group.id, 'dave'), { code: 'NOT_FOUND' })
  await assert.rejects(alice.groups.handOver(group.id, 'dave'), { code: 'NOT_FOUND' })
  await assert.rejects(alice.groups.rename(group.id, ' '), { code: 'BAD_USER_INPUT' })

  const handedOver = await alice.groups.handOver(group.id, 'bob')
  assert.equal(handedOver.isAdmin, false)
  const left = await alice.groups.leave(group.id)
  assert.equal(left.state, 'left')
  await knows(world, bob, group.id, 3)
  const deleted = await bob.groups.delete(group.id)

  assert.deepEqual([deleted.state, deleted.members], ['deleted', []])
  await assert.rejects(bob.send(group.conversation, { text: 'anybody?' }), { code: 'FORBIDDEN' })
})

test('who was taken out and is added again goes on where it was', async () => {
  const { world, alice, bob, carol, group } = await startGroup()
  await alice.groups.kick(group.id, 'bob')
  await alice.groups.rename(group.id, 'Writing')
  await knows(world, bob, group.id, 2)
  await alice.groups.add(group.id, ['bob', 'carol'])

  const seen = await knows(world, bob, group.id, 4)
  assert.deepEqual([seen.state, seen.name], ['active', 'Writing'])
  await bob.send(group.conversation, { text: 'back again' })
  await until(world.clock, 'carol reads it', async () =>
    (await texts(carol, group.conversation)).includes('back again'),
  )
})

test('a change that meets another is made again on top of it', async () => {
  const { world, alice, bob, carol, group } = await startGroup()
  await alice.groups.promote(group.id, 'bob')
  await alice.groups.promote(group.id, 'carol')
  for (const client of [bob, carol]) await knows(world, client, group.id, 3)
  await startClient(world, 'dave')
  await startClient(world, 'mallory')

  const work = Promise.allSettled([
    alice.groups.rename(group.id, 'Writing'),
    bob.groups.add(group.id, ['dave']),
    carol.groups.add(group.id, ['dave', 'mallory']),
    alice.groups.demote(group.id, 'carol'),
    bob.groups.kick(group.id, 'carol'),
  ])
  let isOver = false
  void work.finally(() => {
    isOver = true
  })
  await until(world.clock, 'all is done', () => isOver)
  const { version } = (await alice.groups.get(group.id)) ?? group
  const highest = Math.max(version, (await bob.groups.get(group.id))?.version ?? 0)
  const [one, other] = [
    await knows(world, alice, group.id, highest),
    await knows(world, bob, group.id, highest),
  ]

  assert.deepEqual(one, other)
  assert.ok(one.members.some(({ username }) => username === 'dave'))
})

test('a group is found by its name in any case, with a #, or by its id', async () => {
  const { alice, group } = await startGroup()
  await alice.groups.create({ name: '#hash', members: [] })

  for (const typed of ['reading', '#READING', group.id, group.conversation]) {
    assert.equal((await alice.groups.find(typed)).id, group.id)
  }
  assert.equal((await alice.groups.find('#hash')).name, '#hash')
  await assert.rejects(alice.groups.find('writing'), { code: 'NOT_FOUND' })
  await alice.groups.create({ name: 'READING', members: [] })
  await assert.rejects(alice.groups.find('reading'), { code: 'CONFLICT' })
})

test('somebody who is not there cannot be added, and nothing is changed', async () => {
  const { alice, group } = await startGroup()

  await assert.rejects(alice.groups.add(group.id, ['nobody']), { code: 'NOT_FOUND' })
  await assert.rejects(alice.groups.create({ name: 'X', members: ['nobody'] }), {
    code: 'NOT_FOUND',
  })

  assert.equal((await alice.groups.get(group.id))?.version, 1)
  assert.equal((await alice.groups.list()).length, 1)
})

test("a member's second device has the groups, reads along and sends", async () => {
  const world = newWorld()
  const [first, second] = await installedTwice(world, 'bob')
  const alice = await startClient(world, 'alice')
  const bob = await reopened(world, first)
  const group = await alice.groups.create({ name: 'Reading', members: ['bob'] })
  await knows(world, bob, group.id, 1)
  await alice.groups.rename(group.id, 'Writing')
  const phone = await reopened(world, second)

  const seen = await knows(world, phone, group.id, 2)
  assert.equal(seen.name, 'Writing')
  await phone.send(group.conversation, { text: 'from the phone' })
  for (const client of [alice, bob]) {
    await until(world.clock, 'it came', async () =>
      (await texts(client, group.conversation)).includes('from the phone'),
    )
  }
  const own = (await bob.history(group.conversation)).at(-1)
  assert.ok(own?.kind === 'text' && own.isMine)
})

test('groups are there again after a restart, and changes made meanwhile are fetched', async () => {
  const world = newWorld()
  const alice = await startClient(world, 'alice')
  const disk = await installed(world, 'bob')
  const bob = await reopened(world, disk)
  const group = await alice.groups.create({ name: 'Reading', members: ['bob'] })
  await knows(world, bob, group.id, 1)
  await bob.close()
  for (const name of ['A', 'B', 'C']) await alice.groups.rename(group.id, name)

  const again = await reopened(world, disk)
  assert.equal((await again.groups.get(group.id))?.name, 'Reading')
  await knows(world, again, group.id, 4)

  assert.deepEqual((await again.history(group.conversation)).map(textOf).length, 4)
})

test('a chain longer than a page is fetched, by who was there and by who comes late', async () => {
  const { world, alice, bob, group } = await startGroup()
  await knows(world, bob, group.id, 1)
  await bob.close()
  for (let count = 0; count < 70; count++) await alice.groups.rename(group.id, `Name ${count}`)
  const dave = await startClient(world, 'dave')
  await alice.groups.add(group.id, ['dave'])
  for (let count = 0; count < 70; count++) await alice.groups.rename(group.id, `Title ${count}`)

  const seen = await knows(world, dave, group.id, 142)
  assert.equal(seen.state, 'active')
  assert.equal((await dave.history(group.conversation, { limit: 500 })).length, 71)
})
