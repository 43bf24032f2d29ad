import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import type { OutgoingMessage } from '../../store/accept-messages.ts'
import type { MessageOutcome } from '../../store/messages.ts'
import type { Deps } from '../deps.ts'
import { StaleDeviceListError } from '../errors.ts'
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

/** Bob has version 2 of his list by now; `outcomes` is what the store knows of the message. */
function setUp(outcomes: readonly MessageOutcome[]) {
  const accepted: OutgoingMessage[] = []
  const at = new Date(0)
  const deps = {
    server: { id: 1 },
    sendLimiter: { take: async () => {} },
    deviceSets: {
      find: async () => ({ clientId: 'bob-id', currentVersion: 2, deviceIds: [bobsDevice] }),
    },
    store: {
      messages: {
        findOutcomes: async () => outcomes,
        accept: async (message: OutgoingMessage) => {
          accepted.push(message)
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
