import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import type { OutgoingMessage } from '../../store/accept-messages.ts'
import type { MessageOutcome } from '../../store/messages.ts'
import type { Deps } from '../deps.ts'
import { NotFoundError, StaleDeviceListError } from '../errors.ts'
import { sendMessage } from './send-message.ts'

const [senderDeviceId, bobsDevice, messageId] = [randomUUID(), randomUUID(), randomUUID()]
const viewer = { sessionId: 's', clientId: 'alice-id', username: 'alice', deviceId: senderDeviceId }
const input = {
  clientMessageId: messageId,
  envelope: Buffer.from('sealed'),
  to: [
    {
      username: 'bob',
      deviceListVersion: 1,
      keys: [{ deviceId: bobsDevice, wrappedKey: Buffer.from('key') }],
    },
  ],
}

const toGroup = (rosterVersion: number) => ({
  ...input,
  group: { groupId: randomUUID(), rosterVersion },
})
const rosterOf = (version: number) => ({
  version,
  names: new Set(version === 1 ? ['alice', 'bob'] : ['bob']),
})

/** Bob has version 2 of his list by now; `outcomes` is what the store knows of the message. */
function setUp(outcomes: readonly MessageOutcome[], { bobsVersion = 2, isStale = false } = {}) {
  const accepted: OutgoingMessage[] = []
  const at = new Date(0)
  const bobs = { clientId: 'bob-id', currentVersion: bobsVersion, deviceIds: [bobsDevice] }
  const deps = {
    server: { id: 1 },
    sendLimiter: { take: async () => {} },
    deviceSets: { find: async () => bobs, refresh: async () => bobs },
    rosters: {
      // Alice is in version 1 of the group, and in no later one.
      find: async (_group: string, version: number) => rosterOf(version),
      refresh: async () => rosterOf(2),
    },
    store: {
      messages: {
        findOutcomes: async () => outcomes,
        accept: async (message: OutgoingMessage) => {
          accepted.push(message)
          if (isStale) return { kind: 'stale-roster' }
          return { kind: 'accepted', repeated: true, acceptedAt: at, expiresAt: at, deliveries: [] }
        },
      },
    },
    deliveries: { now: () => 0, watch: { add() {} } },
  }
  return { deps: deps as unknown as Deps, accepted }
}

test('a message sealed for an old device list is refused before it is stored', async () => {
  const { deps, accepted } = setUp([])

  await assert.rejects(sendMessage(deps, viewer, input), StaleDeviceListError)
  assert.equal(accepted.length, 0)
})

test('a repeat of what was accepted is answered, though the devices have changed, and can store nothing new', async () => {
  const deliveries = [{ deviceId: bobsDevice, state: 'DELIVERED' as const }]
  const { deps, accepted } = setUp([
    { senderDeviceId, messageId, expiresAt: new Date(0), deliveries },
  ])

  const sent = await sendMessage(deps, viewer, input)

  assert.deepEqual(sent.deliveries, deliveries)
  assert.deepEqual(
    accepted.map(({ deviceLists }) => deviceLists),
    [[{ clientId: 'alice-id', version: 0 }]],
  )
})

test('a message to a group is stored for the roster that its sender names', async () => {
  const { deps, accepted } = setUp([], { bobsVersion: 1 })
  const message = toGroup(1)

  await sendMessage(deps, viewer, message)
  await sendMessage(deps, viewer, input)

  assert.deepEqual(
    accepted.map(({ group }) => group),
    [{ groupId: message.group.groupId, version: 1 }, undefined],
  )
  const [toAll, toBob] = accepted
  assert.notDeepEqual(toAll?.requestHash, toBob?.requestHash)
})

test('who was kicked while the message was on its way is told that there is no such group', async () => {
  const { deps, accepted } = setUp([], { bobsVersion: 1, isStale: true })

  await assert.rejects(sendMessage(deps, viewer, toGroup(1)), NotFoundError)
  assert.equal(accepted.length, 1)
  await assert.rejects(sendMessage(deps, viewer, toGroup(2)), NotFoundError)
  assert.equal(accepted.length, 1)
})

test('a repeat of what was accepted is answered to who was kicked since, and can store nothing new', async () => {
  const deliveries = [{ deviceId: bobsDevice, state: 'DELIVERED' as const }]
  const { deps, accepted } = setUp(
    [{ senderDeviceId, messageId, expiresAt: new Date(0), deliveries }],
    { bobsVersion: 1 },
  )

  const sent = await sendMessage(deps, viewer, toGroup(2))

  assert.deepEqual(sent.deliveries, deliveries)
  assert.deepEqual(accepted[0]?.deviceLists, [{ clientId: 'alice-id', version: 0 }])
})
