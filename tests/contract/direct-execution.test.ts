// The direct way of a socket's usual operations and the executor have to answer alike, byte by byte, whatever is asked.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type DocumentNode, print } from 'graphql'
import {
  acknowledgeMutation,
  inboxSubscription,
  sendMessageMutation,
} from '../../client-core/src/api/operations/mailbox.ts'
import { limits } from '../../server/src/domain/limits.ts'
import { schema } from '../../server/src/schema/index.ts'
import { createDirectExecution } from '../../server/src/transport/direct/direct-execution.ts'
import { createExecutor, fullExecutor } from '../../server/src/transport/execute.ts'
import { createOperationGuard } from '../../server/src/transport/operation-guard.ts'
import { askOverProtocol, type Service, service } from './support/ask-over-protocol.ts'
import { alice, attachmentId, bobsDevice, events, messageId } from './support/delivery-samples.ts'

const send = print(sendMessageMutation as DocumentNode)
const acknowledge = print(acknowledgeMutation as DocumentNode)
const inbox = print(inboxSubscription as DocumentNode)

const message = {
  clientMessageId: messageId,
  envelope: 'c2VhbGVk',
  to: [
    { username: 'bob', deviceListVersion: 1, keys: [{ deviceId: bobsDevice, wrappedKey: 'a2V5' }] },
  ],
}
const toGroup = { ...message, group: { groupId: attachmentId, rosterVersion: 3 } }
const acknowledgement = { attachmentId, upTo: '4' }

async function assertAlike(query: string, variables: unknown, of: Service = service()) {
  const [direct, full] = await Promise.all(
    [createExecutor(schema), fullExecutor].map((executor) =>
      askOverProtocol(executor, of, { query, variables }),
    ),
  )
  assert.deepEqual(direct, full, `${query}\n${JSON.stringify(variables)}`)
  return direct
}

function isDirect(query: string, variables: Record<string, unknown>): boolean {
  const guard = createOperationGuard({ schema, introspection: false })
  const prepared = guard.prepare(query, variables)
  assert(prepared.kind === 'ready')
  const direct = createDirectExecution(schema, fullExecutor.execute)
  const { deps } = service().build([])
  const contextValue = { deps, viewer: alice, network: 'n', socket: null }
  const args = { schema, document: prepared.document, variableValues: variables, contextValue }
  const running = direct.execute(args) ?? direct.subscribe(args)
  running?.catch(() => {})
  return running !== null
}

test('what the client asks all the time takes the direct way', () => {
  assert(isDirect(send, { input: message }))
  assert(isDirect(send, { input: toGroup }))
  assert(isDirect(acknowledge, { input: acknowledgement }))
  assert(isDirect(inbox, { attachmentId }))
})

test('a good message, acknowledgement and inbox are answered alike', async () => {
  const sent = await assertAlike(send, { input: message })
  assert.equal(sent?.accepted.length, 1)
  const sentToGroup = await assertAlike(send, { input: toGroup })
  assert.equal(sentToGroup?.accepted.length, 1)
  await assertAlike(acknowledge, { input: acknowledgement })
  const listened = await assertAlike(inbox, { attachmentId })
  assert.equal(listened?.frames.length, 1 + 4 + 1, 'acknowledged, four batches, complete')
})

const wrongValues: readonly unknown[] = [
  ...[
    null,
    true,
    0,
    1,
    -1,
    1.5,
    2 ** 31,
    2 ** 53,
    '',
    'x',
    '1',
    'a+b/',
    'c2VhbGVk==',
    'abcde',
    'é',
  ],
  ...['\0\0\0', 'a'.repeat(33), 'BOB', 'bob', [], [[]], {}, [{}], [null], { constructor: 1 }],
  ...[messageId.toUpperCase(), '00000000-0000-0000-0000-000000000000', '0', 'zzzzzzzzzzzz', 'Z'],
]

/** Every way to put another value into one place of these variables, to leave the place out, or to add one beside it. */
function spoil(variables: unknown): unknown[] {
  const places: (readonly (string | number)[])[] = []
  const walk = (value: unknown, path: readonly (string | number)[]) => {
    if (path.length > 0) places.push(path)
    if (typeof value === 'object' && value !== null)
      for (const [key, below] of Object.entries(value)) walk(below, [...path, key])
  }
  walk(variables, [])
  return places.flatMap((path) => [
    ...wrongValues.map((wrong) =>
      changed(variables, path, (at, key) => Object.assign(at, { [key]: wrong })),
    ),
    changed(variables, path, (at, key) => delete at[key]),
    changed(variables, path, (at) => Object.assign(at, { group: { id: messageId } })),
    changed(variables, path, (at) =>
      Object.defineProperty(at, '__proto__', { value: {}, enumerable: true }),
    ),
  ])
}

function changed(
  variables: unknown,
  path: readonly (string | number)[],
  change: (at: Record<string, unknown>, key: string) => unknown,
): unknown {
  const copy = structuredClone(variables)
  let at = copy as Record<string, unknown>
  for (const key of path.slice(0, -1)) at = at[key] as Record<string, unknown>
  change(at, String(path.at(-1)))
  return copy
}

for (const [name, query, variables] of [
  ['sendMessage', send, { input: message }],
  ['sendMessage to a group', send, { input: toGroup }],
  ['acknowledge', acknowledge, { input: acknowledgement }],
  ['inbox', inbox, { attachmentId }],
] as const)
  test(`${name}: wrong, missing and unknown values are answered alike`, async () => {
    for (const spoilt of spoil(variables)) await assertAlike(query, spoilt)
    for (const other of [undefined, null, {}, [], 'x', { ...variables, more: 1 }])
      await assertAlike(query, other)
  })

test('any value in any place is answered alike', async () => {
  const places = spoil({ input: message }).length
  await fc.assert(
    fc.asyncProperty(fc.nat(places - 1), fc.jsonValue(), async (place, value) => {
      const spoilt = JSON.parse(JSON.stringify(spoil({ input: message })[place])) as object
      await assertAlike(send, spoilt)
      await assertAlike(send, { input: { ...message, to: value } })
    }),
    { numRuns: 100 },
  )
})

test('too many, too long and repeated are answered alike', async () => {
  const key = message.to[0]?.keys[0]
  const to = message.to[0]
  for (const input of [
    { ...message, to: Array.from({ length: limits.addressees + 1 }, () => to) },
    { ...message, to: [to, to] },
    {
      ...message,
      to: [{ ...to, keys: Array.from({ length: limits.recipientDevices + 1 }, () => key) }],
    },
    { ...message, to: [{ ...to, keys: [key, key] }] },
    { ...message, envelope: 'A'.repeat(Math.ceil(limits.envelopeBytes * (4 / 3)) + 2) },
    {
      ...message,
      to: [{ ...to, keys: [{ ...key, wrappedKey: 'A'.repeat(limits.wrappedKeyBytes * 2) }] }],
    },
  ])
    await assertAlike(send, { input })
})

test('whatever becomes of it in the domain and the store is answered alike', async () => {
  for (const outcome of Object.values(service.outcomes)) {
    // Only a message for a group can be stale for it.
    const input = outcome === service.outcomes.newerRoster ? toGroup : message
    await assertAlike(send, { input }, service({ outcome }))
    await assertAlike(send, { input: toGroup }, service({ outcome }))
    await assertAlike(acknowledge, { input: acknowledgement }, service({ outcome }))
    await assertAlike(inbox, { attachmentId }, service({ outcome }))
  }
})

test('whoever has no device, or is nobody, is answered alike', async () => {
  for (const viewer of [null, { ...alice, deviceId: null }]) {
    await assertAlike(send, { input: message }, service({ viewer }))
    await assertAlike(acknowledge, { input: acknowledgement }, service({ viewer }))
    await assertAlike(inbox, { attachmentId }, service({ viewer }))
  }
})

test('documents of every form are answered alike', async () => {
  const signature = 'mutation ($input: SendMessageInput!)'
  for (const query of [
    `${signature} { sendMessage(input: $input) { __typename } }`,
    `${signature} { a: sendMessage(input: $input) { t: __typename ... on SendMessagePayload { d: deliveries { s: state deviceId __typename } } } }`,
    `${signature} { sendMessage(input: $input) { ... on SendMessagePayload { deliveries { state @skip(if: true) deviceId } } } }`,
    `${signature} { sendMessage(input: $input) @include(if: true) { __typename } }`,
    `${signature} { __typename sendMessage(input: $input) { __typename } }`,
    `${signature} { one: sendMessage(input: $input) { __typename } two: sendMessage(input: $input) { __typename } }`,
    `${signature} { ... on Mutation { sendMessage(input: $input) { __typename } } }`,
    `${signature} { sendMessage(input: $input) { ... { ... on UserError { message } } ... on SendMessagePayload { acceptedAt acceptedAt } } }`,
    `${signature} { sendMessage(input: $input) { ... on SendMessagePayload { __proto__: acceptedAt } } }`,
    `${signature} { sendMessage(input: $input) { ...F } } fragment F on SendMessageResult { ...G ...G __typename } fragment G on SendMessagePayload { serverTime }`,
    `mutation ($input: SendMessageInput! = {clientMessageId: "x", envelope: "", to: []}) { sendMessage(input: $input) { __typename } }`,
    `mutation ($id: ID!) { sendMessage(input: {clientMessageId: $id, envelope: "", to: []}) { __typename ... on InvalidInputError { field } } }`,
    `mutation ($id: ID!) { acknowledge(input: {attachmentId: $id, upTo: "1"}) { __typename } }`,
    `subscription ($attachmentId: ID!) { i: inbox(attachmentId: $attachmentId) { __typename serverTime } }`,
    `subscription ($attachmentId: ID!) { inbox(attachmentId: $attachmentId) { events { ... on MessageArrived { envelope @include(if: false) cursor } ... on DeliveryChanged { at } } } }`,
    `subscription ($attachmentId: ID!) { inbox(attachmentId: $attachmentId) { events { __typename ... on DevicesChanged { version } } } }`,
    'mutation { nothing }',
  ]) {
    const variables = { input: message, attachmentId, id: attachmentId }
    for (const outcome of [undefined, service.outcomes.full])
      await assertAlike(query, variables, service(outcome === undefined ? {} : { outcome }))
  }
})

test('what the direct way does not write is left to the executor before anything is done', () => {
  const input = { input: message }
  const one = 'mutation ($input: SendMessageInput!) { sendMessage(input: $input)'
  assert(
    !isDirect(
      `${one} { ... on SendMessagePayload { deliveries { state @skip(if: true) deviceId } } } }`,
      input,
    ),
  )
  assert(!isDirect(`${one} @skip(if: false) { __typename } }`, input))
  assert(!isDirect(`${one} { __typename } two: sendMessage(input: $input) { __typename } }`, input))
  assert(!isDirect(send, { input: { ...message, group: null } }))
  assert(isDirect(`${one} { __typename } }`, input))
})

test('every event is written alike, alone and with others', async () => {
  for (const batch of [...events.map((event) => [event]), events])
    await assertAlike(inbox, { attachmentId }, service({ batches: [batch] }))
})
