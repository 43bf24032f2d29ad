import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ChatClient } from '../../chat-client.ts'
import { until } from '../../testing/fake-clock.ts'
import { knows, settledOf, startGroup } from '../../testing/groups.ts'
import type { FileMessage } from '../message-view.ts'

const data = Uint8Array.from({ length: 70_000 }, (_, index) => index % 251)
const words = { name: 'plan.pdf', type: 'application/pdf' }

test('a file reaches every member of a group, and is uploaded once', async () => {
  const { world, alice, bob, carol, group } = await startGroup()
  for (const member of [bob, carol]) await knows(world, member, group.id, 1)

  const { id } = await alice.sendFile(group.conversation, { data, ...words })
  const states = await settledOf(world, alice, id)

  assert.equal(states.kind, 'delivered')
  for (const member of [bob, carol]) {
    await until(world.clock, 'the file is ready', async () => {
      return (await fileOf(member, group.conversation))?.file.state === 'ready'
    })
    assert.deepEqual(await member.readFile(id), data)
  }
  assert.equal(world.service.files.uploaded.length, 2)
})

test('a group that changes while a file goes up gets it sealed for who is left, not uploaded again', async () => {
  const { world, alice, bob, carol, group } = await startGroup()
  for (const member of [bob, carol]) await knows(world, member, group.id, 1)
  let isKicked = false
  let kicked: Promise<unknown> = Promise.resolve()
  alice.on('delivery', ({ state }) => {
    if (state.kind !== 'uploading' || isKicked) return
    isKicked = true
    kicked = alice.groups.kick(group.id, 'carol')
  })

  const { id } = await alice.sendFile(group.conversation, { data, ...words })
  await settledOf(world, alice, id)
  await kicked

  await until(world.clock, 'bob has it', async () => {
    return (await fileOf(bob, group.conversation))?.file.state === 'ready'
  })
  assert.equal(await fileOf(carol, group.conversation), undefined)
  assert.equal(world.service.files.uploaded.length, 2)
})

async function fileOf(client: ChatClient, who: string): Promise<FileMessage | undefined> {
  return (await client.history(who)).find((message) => message.kind === 'file')
}
