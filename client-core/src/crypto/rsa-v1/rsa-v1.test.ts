import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Plaintext } from '../../brands.ts'
import { openRequest, person, sealRequest } from '../../testing/vectors/people.ts'
import { noBytes, utf8 } from '../bytes.ts'
import { directConversation } from '../conversation.ts'
import { createMessageId } from '../ids.ts'
import { type SealedMessage, UndecryptableError } from '../message-protocol.ts'
import { admitMessage, emptyReplayTable } from '../replay-table.ts'
import { rsaV1 } from './rsa-v1.ts'

const [alice, bob, carol] = await Promise.all([person('alice'), person('bob'), person('carol')])
const conversation = directConversation(alice.username, bob.username)
const everyone = [alice, bob, carol]

test('a message opens on every device of the recipient and on the other device of the sender', async () => {
  const content = utf8('Meet at the old bridge.') as Plaintext
  const sealed = await rsaV1.seal(sealRequest(alice, [bob, alice], { conversation, content }))

  assert.equal(sealed.wraps.length, 3)
  for (const [reader, device] of [
    [bob, bob.devices[0]],
    [bob, bob.devices[1]],
    [alice, alice.devices[1]],
  ] as const) {
    const opened = await rsaV1.open(openRequest(sealed, reader, everyone, device))
    assert.deepEqual(opened.content, content)
    assert.equal(opened.senderUser, 'alice')
    assert.equal(opened.senderDevice, alice.devices[0].id)
    assert.equal(opened.header.conversation, conversation)
    assert.deepEqual(opened.headerHash, sealed.headerHash)
  }
})

test('the sending device gets no wrap of its own message', async () => {
  const sealed = await rsaV1.seal(sealRequest(alice, [bob, alice], { conversation }))

  assert.ok(!sealed.wraps.some(({ deviceId }) => deviceId === alice.devices[0].id))
})

test('a group message opens for each member', async () => {
  const roster = { version: 3, hash: new Uint8Array(32).fill(7) }
  const request = { conversation: 'group:0000000a-0000-4000-8000-00000000000a', roster }
  const sealed = await rsaV1.seal(sealRequest(alice, [carol, bob], request))

  for (const reader of [bob, carol]) {
    const opened = await rsaV1.open(openRequest(sealed, reader, everyone))
    assert.deepEqual(
      opened.header.recipients.map(({ user }) => user),
      ['bob', 'carol'],
    )
    assert.deepEqual(opened.header.roster, roster)
  }
})

test('a message for another conversation than the expected one is refused', async () => {
  const sealed = await rsaV1.seal(sealRequest(alice, [bob], { conversation }))

  await assert.rejects(
    rsaV1.open({ ...openRequest(sealed, bob, everyone), conversation: 'direct:bob:carol' }),
    UndecryptableError,
  )
})

test('a failing look-up of the sender is passed on and not taken for an unreadable message', async () => {
  const sealed = await rsaV1.seal(sealRequest(alice, [bob], { conversation }))
  const offline = new Error('offline')
  const lookUpSender = () => Promise.reject(offline)

  await assert.rejects(
    rsaV1.open({ ...openRequest(sealed, bob, everyone), lookUpSender }),
    (error) => error === offline,
  )
})

test('a message without any recipient device is not sealed', async () => {
  await assert.rejects(rsaV1.seal(sealRequest(alice, [], { conversation })), /recipient devices/)
})

test('T11: a server that replays, drops or swaps messages is noticed', async () => {
  const chain = await sealChain(4)
  const given = [chain[0], chain[2], chain[1], chain[1], chain[3]]
  let table = emptyReplayTable
  const noticed: string[] = []

  for (const sealed of given) {
    assert.ok(sealed)
    // `open` alone takes every one of them: each is an honest message.
    const { header, headerHash } = await rsaV1.open(openRequest(sealed, bob, everyone))
    const admission = admitMessage(table, { ...header, headerHash })
    if (admission.kind === 'fresh') table = admission.table
    noticed.push(admission.kind === 'fresh' ? admission.place : admission.kind)
  }

  assert.deepEqual(noticed, ['first', 'gap', 'late', 'replayed', 'next'])
})

async function sealChain(length: number): Promise<readonly SealedMessage[]> {
  const chain: SealedMessage[] = []
  let messageId: string | null = null
  for (let count = 0; count < length; count++) {
    messageId = createMessageId(Date.UTC(2026, 10, 22), messageId)
    const prevHash = chain.at(-1)?.headerHash ?? noBytes
    chain.push(await rsaV1.seal(sealRequest(alice, [bob], { conversation, messageId, prevHash })))
  }
  return chain
}
