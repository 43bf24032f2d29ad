import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Plaintext } from '../../brands.ts'
import { openRequest, person, sealRequest } from '../../testing/vectors/people.ts'
import { utf8 } from '../bytes.ts'
import { directConversation } from '../conversation.ts'
import { UndecryptableError } from '../message-protocol.ts'
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
  const request = { conversation: 'group:0123456789abcdef' }
  const sealed = await rsaV1.seal(sealRequest(alice, [carol, bob], request))

  for (const reader of [bob, carol]) {
    const opened = await rsaV1.open(openRequest(sealed, reader, everyone))
    assert.deepEqual(
      opened.header.recipients.map(({ user }) => user),
      ['bob', 'carol'],
    )
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
