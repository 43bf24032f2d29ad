import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ChatClient } from '../../chat-client.ts'
import { networkError } from '../../errors.ts'
import { until } from '../../testing/fake-clock.ts'
import { knows, startGroup } from '../../testing/groups.ts'
import { mortal } from '../../testing/mortal.ts'
import {
  installed,
  newWorld,
  reopened,
  startClient,
  texts,
  type World,
} from '../../testing/people.ts'

test('killed at any step of making and changing a group, a client finds what became of it', async () => {
  let steps = 0
  for (let step = 1; ; step++) {
    const world = newWorld()
    const disk = await installed(world, 'alice')
    const bob = await startClient(world, 'bob')
    await startClient(world, 'carol')

    const life = mortal(world.service, disk.storage, step)
    let isDone = false
    makeAndChange(await opened(world, disk, life)).then(
      () => {
        isDone = true
      },
      () => undefined,
    )
    await until(world.clock, 'she died or is done', () => life.isOver || isDone)
    if (!life.isOver) break
    await disk.storage.close()
    const survivor = await reopened(world, disk)
    await survivor.connected()
    await until(world.clock, `both agree after step ${step}`, () => agree(world, survivor, bob))

    // What she wanted can be wanted again, wherever the first try ended.
    const [known] = await survivor.groups.list()
    const group = known ?? (await survivor.groups.create({ name: 'Reading', members: ['bob'] }))
    await survivor.groups.add(group.id, ['carol'])
    await survivor.groups.rename(group.id, 'Writing')
    await survivor.send(group.conversation, { text: 'all here?' })
    await until(world.clock, 'bob reads it', async () =>
      (await texts(bob, group.conversation)).includes('all here?'),
    )
    assert.ok(await agree(world, survivor, bob), `step ${step}`)
    assert.equal((await survivor.groups.list()).length, 1)
    await Promise.all([survivor.close(), bob.close()])
    steps += 1
  }
  assert.ok(steps > 20, `killed at ${steps} steps`)
})

test('a change whose answer got lost is made once', async () => {
  const { world, alice, bob, group } = await startGroup()
  world.service.breakNext('changeGroup', { kind: 'lose-answer' })
  await alice.groups.kick(group.id, 'carol')
  world.service.breakNext('changeGroup', { kind: 'refuse', error: networkError() })
  await alice.groups.rename(group.id, 'Writing')
  world.service.breakNext('createGroup', { kind: 'lose-answer' })
  const other = await alice.groups.create({ name: 'Other', members: ['bob'] })

  const seen = await knows(world, bob, group.id, 3)
  assert.deepEqual(
    [seen.name, seen.members.map(({ username }) => username)],
    ['Writing', ['alice', 'bob']],
  )
  assert.equal((await knows(world, bob, other.id, 1)).name, 'Other')
  assert.equal((await alice.groups.list()).length, 2)
})

async function opened(
  world: World,
  disk: Awaited<ReturnType<typeof installed>>,
  life: ReturnType<typeof mortal>,
): Promise<ChatClient> {
  return reopened(world, disk, life)
}

async function makeAndChange(client: ChatClient): Promise<void> {
  await client.connected()
  const group = await client.groups.create({ name: 'Reading', members: ['bob'] })
  await client.groups.add(group.id, ['carol'])
  await client.groups.rename(group.id, 'Writing')
}

/** All groups of the service in their newest versions, with the same lines. */
async function agree({ service }: World, one: ChatClient, other: ChatClient): Promise<boolean> {
  const [mine, theirs] = [await view(one), await view(other)]
  const isWhole = service.groups.groupIds.every((id) => {
    const { length } = service.groups.entriesOf(id)
    return mine.some((group) => group.id === id && group.version === length)
  })
  return isWhole && JSON.stringify(mine) === JSON.stringify(theirs)
}

async function view(client: ChatClient) {
  const groups = await client.groups.list()
  return Promise.all(
    groups.map(async ({ isAdmin: _isAdmin, ...group }) => {
      return { ...group, lines: await texts(client, group.conversation) }
    }),
  )
}
