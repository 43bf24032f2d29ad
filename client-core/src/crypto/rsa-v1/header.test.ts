import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeCanonical, MalformedError } from '../canonical-cbor.ts'
import { parseHeader, recipientDevices } from './header.ts'

const device = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
const bob = { user: 'bob', deviceListVersion: 2, devices: [device(2), device(3)] }
const good = {
  v: 1,
  suite: 'RSA_V1',
  conversation: 'direct:alice:bob',
  messageId: '019d0000-0000-7000-8000-000000000001',
  senderUser: 'alice',
  senderDevice: device(1),
  recipients: [{ user: 'alice', deviceListVersion: 1, devices: [device(4)] }, bob],
  sentAt: 1,
  ttlMs: 120_000,
  kind: 'text',
  prevHash: new Uint8Array(32),
  keyCommit: new Uint8Array(32),
}

const group = {
  conversation: `group:${device(9)}`,
  roster: { version: 3, hash: new Uint8Array(32) },
}

test('a header is read, with its devices in the order of the wrap hashes', () => {
  const header = parseHeader(encodeCanonical(good))

  assert.equal(header.senderUser, 'alice')
  assert.deepEqual(recipientDevices(header), [device(4), device(2), device(3)])
})

test('a header of any other form is refused', () => {
  const carol = { ...bob, user: 'carol', devices: [device(5)] }
  const { kind: _kind, ...lacking } = good
  const refused: Record<string, object> = {
    'another version': { ...good, v: 2 },
    'T34: another suite': { ...good, suite: 'RSA_V0' },
    'a field missing': lacking,
    'a field too many': { ...good, admin: true },
    'an unknown kind': { ...good, kind: 'system' },
    'a name with upper case': { ...good, senderUser: 'Alice' },
    'a device id with upper case': {
      ...good,
      senderDevice: '0000000A-0000-4000-8000-000000000001',
    },
    'a message id without time': { ...good, messageId: device(9) },
    'no recipients': { ...good, recipients: [] },
    'a recipient without device': { ...good, recipients: [{ ...bob, devices: [] }] },
    'recipients out of order': { ...good, recipients: good.recipients.toReversed() },
    'a recipient twice': { ...good, recipients: [bob, { ...bob, devices: [device(7)] }] },
    'devices out of order': { ...good, recipients: [{ ...bob, devices: [device(3), device(2)] }] },
    'T2: one device of two people': {
      ...good,
      ...group,
      recipients: [bob, { ...carol, devices: [device(2)] }],
    },
    'a group message without its roster': { ...good, conversation: group.conversation },
    'a direct message with a roster': { ...good, roster: group.roster },
    'a roster hash cut short': {
      ...good,
      ...group,
      roster: { version: 3, hash: new Uint8Array(31) },
    },
    'the sending device as recipient': { ...good, recipients: [{ ...bob, devices: [device(1)] }] },
    'T1: a stranger listening to two': { ...good, recipients: [bob, carol] },
    'T3: a stranger speaking to two': { ...good, senderUser: 'mallory', recipients: [bob] },
    'a previous hash cut short': { ...good, prevHash: new Uint8Array(31) },
    'a commitment cut short': { ...good, keyCommit: new Uint8Array(31) },
    'a time before 1970': { ...good, sentAt: -1 },
    'no time to live': { ...good, ttlMs: 0 },
    'too many devices': {
      ...good,
      recipients: [{ ...bob, devices: Array.from({ length: 257 }, (_, n) => device(n + 10)) }],
    },
  }
  for (const [name, header] of Object.entries(refused)) {
    assert.throws(() => parseHeader(encodeCanonical(header as never)), MalformedError, name)
  }
})
