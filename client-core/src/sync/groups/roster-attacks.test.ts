import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { GroupAnswer, RosterEntryAnswer } from '../../api/chat-api.ts'
import type { ChatClient } from '../../chat-client.ts'
import { noBytes } from '../../crypto/bytes.ts'
import { createDeviceList } from '../../crypto/device-list-changes.ts'
import { createMessageId } from '../../crypto/ids.ts'
import type { RosterPoint } from '../../crypto/message-protocol.ts'
import { nextEntry } from '../../crypto/roster-changes.ts'
import { readRosterEntry } from '../../crypto/roster-entry.ts'
import { rsaV1 } from '../../crypto/rsa-v1/rsa-v1.ts'
import { until } from '../../testing/fake-clock.ts'
import type { GroupLie } from '../../testing/fake-groups.ts'
import { authorOf, headOf, knows, madeBy, startGroup } from '../../testing/groups.ts'
import { startClient, texts, type World } from '../../testing/people.ts'
import { type Person, person, sealRequest } from '../../testing/vectors/people.ts'
import { encodeText } from '../message-content.ts'
import { unreadableConversation } from '../timeline.ts'
import type { GroupAlarm } from './group-view.ts'

const [alice, bob, carol, mallory] = (await Promise.all(
  (['alice', 'bob', 'carol', 'mallory'] as const).map(person),
)) as [Person, Person, Person, Person]

type Started = Awaited<ReturnType<typeof startGroup>>

/** What a lying server shows bob in place of the true entries after the first. */
interface Lie {
  readonly entries: readonly RosterEntryAnswer[]
  readonly version?: number
}

const lies: Record<string, (started: Started) => Promise<Lie>> = {
  'T1: a member that the server adds in the name of an admin': async (started) => {
    return { entries: [await madeBy(mallory, await addingMallory(started, authorOf(alice)))] }
  },
  'T1: a member that the server adds on a device nobody knows': async (started) => {
    const author = { ...authorOf(alice), authorDevice: mallory.devices[0].id }
    return { entries: [await madeBy(mallory, await addingMallory(started, author))] }
  },
  'T1: a member that adds itself': async (started) => {
    return { entries: [await madeBy(mallory, await addingMallory(started, authorOf(mallory)))] }
  },
  'T1: a member that vouches for its own coming': async (started) => {
    const author = { ...authorOf(alice), authorDevice: mallory.devices[0].id }
    const added = await madeBy(mallory, await addingMallory(started, author))
    const state = await readRosterEntry(added.entry)
    assert.ok(state)
    const left = nextEntry(state, { action: 'leave' }, authorOf(mallory))
    return { entries: [added, await madeBy(mallory, left)] }
  },
  'a member who gives itself what only admins have': async ({ world, group }) => {
    const change = { action: 'promote', user: carol.username } as const
    const fields = nextEntry(await headOf(world, group.id), change, authorOf(carol))
    return { entries: [await madeBy(carol, fields)] }
  },
  'an entry that was changed after it was signed': async ({ world, group }) => {
    const change = { action: 'rename', name: 'Writing' } as const
    const head = await headOf(world, group.id)
    const honest = await madeBy(alice, nextEntry(head, change, authorOf(alice)))
    const other = await madeBy(
      alice,
      nextEntry(head, { ...change, name: 'Spying' }, authorOf(alice)),
    )
    return { entries: [{ ...honest, entry: other.entry }] }
  },
  'an entry with more in it than its action makes': async ({ world, group }) => {
    const change = { action: 'rename', name: 'Writing' } as const
    const fields = nextEntry(await headOf(world, group.id), change, authorOf(alice))
    const members = fields.members.filter(({ user }) => user !== 'carol')
    return { entries: [await madeBy(alice, { ...fields, members })] }
  },
  'T11: an entry dropped': async (started) => {
    const [, , third] = await renamedTwice(started)
    return { entries: [third], version: 3 }
  },
  'T11: entries in another order': async (started) => {
    const [, second, third] = await renamedTwice(started)
    return { entries: [third, second], version: 3 }
  },
  'T11: an entry replayed': async (started) => {
    const [first] = await renamedTwice(started)
    return { entries: [first], version: 2 }
  },
  'bytes that are no entry': async () => {
    return {
      entries: [{ entry: new Uint8Array(80), signature: new Uint8Array(64), createdAtMs: 0 }],
    }
  },
}

for (const [name, lie] of Object.entries(lies)) {
  test(`${name} is refused, said aloud, and nothing is sent`, async () => {
    const started = await startGroup()
    const { world, bob: client, group } = started
    await knows(world, client, group.id, 1)
    const alarms = alarmsOf(client)
    const { entries, version = 1 + entries.length } = await lie(started)

    const shown = { groupId: group.id, version, headHash: new Uint8Array(32) }
    world.service.groups.unsafeLie(
      toOnly('bob', (after) => ({ ...shown, entries: entries.slice(after - 1) })),
    )
    world.service.mailboxes.tell(client.deviceId ?? '', {
      kind: 'group-changed',
      groupId: group.id,
      version,
    })
    await until(world.clock, 'bob is told', () => alarms.length > 0)

    assert.deepEqual(alarms, [{ groupId: group.id, reason: 'bad-entry' }])
    const known = await client.groups.get(group.id)
    assert.deepEqual([known?.version, known?.state], [1, 'untrusted'])
    assert.deepEqual(
      known?.members.map(({ username }) => username),
      ['alice', 'bob', 'carol'],
    )
    const sentBefore = world.service.sent.length
    await assert.rejects(client.send(group.conversation, { text: 'secret' }), {
      code: 'UNTRUSTED_ANSWER',
    })
    await assert.rejects(client.groups.rename(group.id, 'X'), { code: 'UNTRUSTED_ANSWER' })
    assert.equal(world.service.sent.length, sentBefore)
    assert.equal((await client.history(group.conversation)).length, 1)
  })
}

test('a group heals when servers show what is true again', async () => {
  const started = await startGroup()
  const { world, alice: admin, bob: client, group } = started
  await knows(world, client, group.id, 1)
  const alarms = alarmsOf(client)
  world.service.groups.unsafeLie(toOnly('bob', () => null))
  await admin.groups.rename(group.id, 'Writing')
  await until(world.clock, 'bob is told', () => alarms.length > 0)
  assert.deepEqual(alarms, [{ groupId: group.id, reason: 'rolled-back' }])

  world.service.groups.unsafeLie((answer) => answer)
  await admin.groups.rename(group.id, 'Singing')

  await until(world.clock, 'bob trusts it', async () => {
    return (await client.groups.get(group.id))?.state === 'active'
  })
  assert.equal((await client.groups.get(group.id))?.version, 3)
})

test('T10: a server that restored an old group convinces nobody who knows the newer', async () => {
  const { world, alice: admin, bob: client, group } = await startGroup()
  await admin.groups.kick(group.id, 'carol')
  await knows(world, client, group.id, 2)
  const alarms = alarmsOf(client)

  const [first] = world.service.groups.entriesOf(group.id)
  assert.ok(first)
  const { hash } = await readOf(first)
  world.service.groups.unsafeLie(
    toOnly('bob', () => ({ groupId: group.id, version: 1, headHash: hash, entries: [] })),
  )
  world.service.mailboxes.tell(client.deviceId ?? '', {
    kind: 'group-changed',
    groupId: group.id,
    version: 3,
  })
  await until(world.clock, 'bob is told', () => alarms.length > 0)

  assert.deepEqual(alarms, [{ groupId: group.id, reason: 'rolled-back' }])
  const known = await client.groups.get(group.id)
  assert.deepEqual(
    known?.members.map(({ username }) => username),
    ['alice', 'bob'],
  )
})

test('two heads shown to two members are found by the first message between them', async () => {
  const started = await startGroup()
  const { world, bob: one, carol: other, group } = started
  for (const client of [one, other]) await knows(world, client, group.id, 1)
  const alarms = { bob: alarmsOf(one), carol: alarmsOf(other) }
  const head = await headOf(world, group.id)
  const heads = await Promise.all(
    ['Reading here', 'Reading there'].map(async (name) =>
      madeBy(alice, nextEntry(head, { action: 'rename', name }, authorOf(alice))),
    ),
  )
  const [forBob, forCarol] = heads
  assert.ok(forBob && forCarol)
  const stored = await readOf(forBob)
  world.service.groups.unsafeAppend(group.id, stored, forBob.signature)
  const carolsHash = (await readOf(forCarol)).hash
  world.service.groups.unsafeLie((answer, { username }, after) => {
    if (answer === null || username !== 'carol') return answer
    return { ...answer, headHash: carolsHash, entries: after < 2 ? [forCarol] : [] }
  })
  for (const client of [one, other]) {
    world.service.mailboxes.tell(client.deviceId ?? '', {
      kind: 'group-changed',
      groupId: group.id,
      version: 2,
    })
    await knows(world, client, group.id, 2)
  }

  await one.send(group.conversation, { text: 'which book?' })
  await until(world.clock, 'carol is told', () => alarms.carol.length > 0)
  assert.deepEqual(alarms.carol, [{ groupId: group.id, reason: 'two-heads', by: 'bob' }])
  assert.equal((await other.groups.get(group.id))?.state, 'untrusted')
  assert.ok(!(await texts(other, group.conversation)).includes('which book?'))
  await assert.rejects(other.send(group.conversation, { text: 'hello' }), {
    code: 'UNTRUSTED_ANSWER',
  })

  // Whatever servers show from now on, also a story that fits together: it happened.
  await looksAgain(world, other, group.id)
  assert.equal((await other.groups.get(group.id))?.state, 'untrusted')
})

test('a change that a server hides is missed as soon as a member speaks of it', async () => {
  const { world, alice: admin, bob: client, group } = await startGroup()
  await knows(world, client, group.id, 1)
  const alarms = alarmsOf(client)
  const [first] = world.service.groups.entriesOf(group.id)
  assert.ok(first)
  const { hash } = await readOf(first)
  world.service.groups.unsafeLie(
    toOnly('bob', () => ({ groupId: group.id, version: 1, headHash: hash, entries: [] })),
  )
  await admin.groups.rename(group.id, 'Writing')
  await admin.send(group.conversation, { text: 'have you seen it?' })
  await until(world.clock, 'bob is told', () => alarms.length > 0)

  assert.deepEqual(alarms, [{ groupId: group.id, reason: 'rolled-back', by: 'alice' }])
  // The server goes on with its story, which fits together by itself.
  await looksAgain(world, client, group.id)
  assert.equal((await client.groups.get(group.id))?.state, 'untrusted')
  await assert.rejects(client.send(group.conversation, { text: 'no' }), {
    code: 'UNTRUSTED_ANSWER',
  })
})

test('T7: who was kicked cannot speak under an old roster, with the help of a server or without', async () => {
  const { world, alice: admin, carol: client, group } = await startGroup()
  const before = await headOf(world, group.id)
  await admin.groups.kick(group.id, 'bob')
  await knows(world, client, group.id, 2)
  const kickedAtMs = world.service.groups.entriesOf(group.id).at(-1)?.createdAtMs ?? 0

  await say(world, bob, [carol], group.conversation, before, kickedAtMs + 60_000)
  await unreadable(world, client, 1)
  await world.clock.advance(16 * 60_000)
  // Nor with a time from before: that was too long ago for this device.
  await say(world, bob, [carol], group.conversation, before, kickedAtMs - 1)
  await unreadable(world, client, 2)

  assert.deepEqual(await texts(client, group.conversation), ['(group-change)', '(group-change)'])
})

test('T7: what is said after a kick does not open for who was kicked, whoever hands it out', async () => {
  const { world, alice: admin, bob: client, group } = await startGroup()
  await admin.groups.kick(group.id, 'bob')
  await knows(world, client, group.id, 2)
  await admin.send(group.conversation, { text: 'without bob' })
  await until(world.clock, 'it is sent', () => world.service.sent.length === 1)

  const [sent] = world.service.sent
  const [wrap] = sent?.to.flatMap(({ keys }) => keys) ?? []
  assert.ok(sent && wrap)
  world.service.mailboxes.deliver(client.deviceId ?? '', {
    clientMessageId: sent.clientMessageId,
    senderDeviceId: admin.deviceId ?? '',
    envelope: sent.envelope,
    wrappedKey: wrap.wrappedKey,
    acceptedAtMs: world.clock.nowMs(),
    expiresAtMs: world.clock.nowMs() + 120_000,
  })

  await unreadable(world, client, 1)
  assert.deepEqual(await texts(client, group.conversation), ['(group-change)', '(group-change)'])
})

test('a batch of messages for a newer roster asks for it once', async () => {
  const { world, carol: client, bob: speaker, alice: admin, group } = await startGroup()
  await knows(world, client, group.id, 1)
  world.service.mailboxes.unsafeMute(client.deviceId ?? '')
  await admin.groups.rename(group.id, 'Writing')
  await knows(world, speaker, group.id, 2)
  const before = world.service.groups.asked
  const head = await headOf(world, group.id)

  const saying = [1, 2, 3].map(() =>
    say(world, bob, [carol], group.conversation, head, world.clock.nowMs()),
  )
  await Promise.all(saying)
  await until(world.clock, 'carol reads them', async () => {
    return (await texts(client, group.conversation)).filter((one) => one === 'hear me').length === 3
  })

  assert.equal(world.service.groups.asked, before + 1)
})

test('what was on its way when its sender was kicked still arrives', async () => {
  const { world, alice: admin, carol: client, group } = await startGroup()
  const before = await headOf(world, group.id)
  await admin.groups.kick(group.id, 'bob')
  await knows(world, client, group.id, 2)
  const kickedAtMs = world.service.groups.entriesOf(group.id).at(-1)?.createdAtMs ?? 0

  await say(world, bob, [carol], group.conversation, before, kickedAtMs - 1)
  await until(world.clock, 'carol reads it', async () =>
    (await texts(client, group.conversation)).includes('hear me'),
  )
})

test('Z06: a stranger who knows the id of a group is not heard in it, and raises no alarm', async () => {
  const { world, carol: client, group } = await startGroup()
  await startClient(world, 'mallory')
  await knows(world, client, group.id, 1)
  const alarms = alarmsOf(client)
  const head = await headOf(world, group.id)

  await say(world, mallory, [carol], group.conversation, head, world.clock.nowMs())
  await unreadable(world, client, 1)
  const otherHash = { version: 1, hash: new Uint8Array(32) }
  await say(world, mallory, [carol], group.conversation, otherHash, world.clock.nowMs())
  await unreadable(world, client, 2)
  const newer = { version: 99, hash: new Uint8Array(32) }
  await say(world, mallory, [carol], group.conversation, newer, world.clock.nowMs())
  await unreadable(world, client, 3)

  assert.deepEqual(alarms, [])
  assert.equal((await client.groups.get(group.id))?.state, 'active')
})

test('a message that a member sealed for a stranger too is not shown', async () => {
  const { world, carol: client, group } = await startGroup()
  await startClient(world, 'mallory')
  await knows(world, client, group.id, 1)
  const head = await headOf(world, group.id)

  await say(world, bob, [carol, mallory], group.conversation, head, world.clock.nowMs())

  await unreadable(world, client, 1)
  assert.deepEqual(await texts(client, group.conversation), ['(group-change)'])
})

test('T18: a server that swaps the identity of a member is found out by a new member', async () => {
  const { world, alice: admin, group } = await startGroup()
  const dave = await startClient(world, 'dave')
  const alarms = alarmsOf(dave)
  const mallorys = mallory.devices[0]
  const swapped = await createDeviceList(mallory.identity, bob.username, mallorys)
  const { bytes: deviceList, signature: deviceListSignature, list } = swapped
  const honest = world.service.account('bob')
  await admin.lookUp('bob')
  world.service.unsafeReplaceAccount({ ...honest, deviceList, deviceListSignature, list })

  await admin.groups.add(group.id, ['dave'])
  await until(world.clock, 'dave is told', () => alarms.length > 0)

  assert.deepEqual(alarms, [{ groupId: group.id, reason: 'key-changed' }])
  await assert.rejects(dave.send(group.conversation, { text: 'hello' }), {
    code: 'UNTRUSTED_ANSWER',
  })
})

async function addingMallory({ world, group }: Started, author: ReturnType<typeof authorOf>) {
  const members = [{ user: mallory.username, identityKey: mallory.identity.publicKey }]
  return nextEntry(await headOf(world, group.id), { action: 'add', members }, author)
}

/** Resolves when the client has asked about the group and judged the answer. */
async function looksAgain(
  { service, clock }: World,
  client: ChatClient,
  groupId: string,
): Promise<void> {
  const before = service.groups.asked
  const hint = { kind: 'group-changed', groupId, version: 99 } as const
  // One after the other: who asks a second time is done with the first answer.
  for (let time = 0; time < 2; time++) service.mailboxes.tell(client.deviceId ?? '', hint)
  await until(clock, 'it was asked for twice', () => service.groups.asked >= before + 2)
}

/** The honest chain of three, of which bob has seen the first. */
async function renamedTwice({ world, alice: admin, bob: client, group }: Started) {
  world.service.mailboxes.unsafeMute(client.deviceId ?? '')
  await admin.groups.rename(group.id, 'Writing')
  await admin.groups.rename(group.id, 'Singing')
  world.service.mailboxes.unsafeUnmute(client.deviceId ?? '')
  return world.service.groups.entriesOf(group.id) as [
    RosterEntryAnswer,
    RosterEntryAnswer,
    RosterEntryAnswer,
  ]
}

function toOnly(victim: string, lie: (after: number) => GroupAnswer | null): GroupLie {
  return (answer, { username }, after) => (username === victim ? lie(after) : answer)
}

function alarmsOf(client: ChatClient): GroupAlarm[] {
  const alarms: GroupAlarm[] = []
  client.on('group-alarm', (alarm) => alarms.push(alarm))
  return alarms
}

async function readOf({ entry }: RosterEntryAnswer) {
  const read = await readRosterEntry(entry)
  assert.ok(read)
  return read
}

/** A message to the group from whoever has own code, handed to carol by a server that takes it. */
async function say(
  { service, clock }: World,
  sender: Person,
  readers: readonly Person[],
  conversation: string,
  { version, hash }: RosterPoint,
  acceptedAtMs: number,
): Promise<void> {
  const messageId = createMessageId(clock.nowMs(), null)
  const content = encodeText({ text: 'hear me' })
  const roster = { version, hash }
  const sealed = await rsaV1.seal(
    sealRequest(sender, readers, { conversation, roster, content, messageId }),
  )
  const [device] = carol.devices
  const wrap = sealed.wraps.find(({ deviceId }) => deviceId === device.id)
  service.mailboxes.deliver(device.id, {
    clientMessageId: messageId,
    senderDeviceId: sender.devices[0].id,
    envelope: sealed.envelope,
    wrappedKey: wrap?.wrap ?? noBytes,
    acceptedAtMs,
    expiresAtMs: clock.nowMs() + 120_000,
  })
}

async function unreadable({ clock }: World, client: ChatClient, count: number): Promise<void> {
  await until(clock, `${count} are unreadable`, async () => {
    return (await client.history(unreadableConversation)).length === count
  })
}
