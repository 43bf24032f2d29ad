import type { ChatClient } from '../chat-client.ts'
import type { Group } from '../sync/groups/group-view.ts'
import { until } from './fake-clock.ts'
import { newWorld, startClient, type World } from './people.ts'

/** Alice's group `Reading`, with bob and carol. */
export async function startGroup() {
  const world = newWorld()
  const alice = await startClient(world, 'alice')
  const bob = await startClient(world, 'bob')
  const carol = await startClient(world, 'carol')
  await alice.connected()
  const group = await alice.groups.create({ name: 'Reading', members: ['bob', 'carol'] })
  return { world, alice, bob, carol, group }
}

/** Resolves with the group when the client has verified this version of it. */
export async function knows(
  { clock }: World,
  client: ChatClient,
  groupId: string,
  version: number,
): Promise<Group> {
  let group: Group | undefined
  await until(clock, `${client.username} knows version ${version}`, async () => {
    group = await client.groups.get(groupId)
    return group?.version === version
  })
  if (group === undefined) throw new Error('unreachable: the group is known')
  return group
}

/** Resolves with how sending the message ended. */
export async function settledOf({ clock }: World, client: ChatClient, id: string) {
  let isOver = false
  const settled = client.settled(id).finally(() => {
    isOver = true
  })
  settled.catch(() => undefined)
  await until(clock, 'the message is settled', () => isOver)
  return settled
}
