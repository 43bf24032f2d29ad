import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../../testing/fake-clock.ts'
import { newWorld, startClient } from '../../testing/people.ts'

test('whoever shows messages hears of a group before the first line from it', async () => {
  const world = newWorld()
  const alice = await startClient(world, 'alice')
  const bob = await startClient(world, 'bob')
  const heard: string[] = []
  bob.on('group', ({ name, state }) => heard.push(`group ${name} ${state}`))
  bob.on('message', (message) => heard.push(message.kind))

  const group = await alice.groups.create({ name: 'Hikers', members: ['bob'] })
  await alice.send(group.conversation, { text: 'who brings the map?' })
  await until(world.clock, 'bob has read it', () => heard.includes('text'))

  assert.deepEqual(heard.slice(0, 2), ['group Hikers active', 'group-change'])
  assert.equal(heard.filter((one) => one.startsWith('group Hikers')).length, 1)
  await Promise.all([alice.close(), bob.close()])
})
