import type { RosterEntryAnswer } from '../api/chat-api.ts'
import type { ChatClient } from '../chat-client.ts'
import {
  type RosterEntry,
  type RosterEntryFields,
  readRosterEntry,
} from '../crypto/roster-entry.ts'
import { signRosterEntry } from '../crypto/roster-signature.ts'
import type { Group } from '../sync/groups/group-view.ts'
import { until } from './fake-clock.ts'
import { newWorld, startClient, type World } from './people.ts'
import type { Person } from './vectors/people.ts'

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

/** What the newest entry of a group says, as the service has it. */
export async function headOf({ service }: World, groupId: string): Promise<RosterEntry> {
  const last = service.groups.entriesOf(groupId).at(-1)
  const entry = last && (await readRosterEntry(last.entry))
  if (entry === undefined) throw new Error('"groupId" expected a group of the service')
  return entry
}

/** An entry as anybody can make it who has a key: for the service to show where it wants. */
export async function madeBy(
  signer: Person,
  fields: RosterEntryFields,
): Promise<RosterEntryAnswer> {
  const [device] = signer.devices
  const { entry, signature } = await signRosterEntry(device.keys, fields)
  return { entry: entry.bytes, signature, createdAtMs: Date.UTC(2026, 10, 22, 12, 1) }
}

/** Who signs on a first device, as entries name it. */
export function authorOf({ username, devices: [device] }: Person) {
  return { author: username, authorDevice: device.id, at: 0 }
}
