import type { Bytes, Username } from '../../brands.ts'
import {
  type CborValue,
  decodeCanonical,
  encodeCanonical,
  MalformedError,
} from '../canonical-cbor.ts'
import { directPair, groupOf } from '../conversation.ts'
import { isDeviceId, isMessageId } from '../ids.ts'
import type { MessageHeader } from '../message-protocol.ts'
import { bytes, bytesOf, integer, isAscending, list, oneOf, record, text } from '../shape.ts'
import { isUsername } from '../username.ts'

export const maxRecipientDevices = 256
export const hashLength = 32

const recipientShape = record({
  user: text(isUsername),
  deviceListVersion: integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  devices: list(text(isDeviceId), maxRecipientDevices),
})

const commonFields = {
  v: oneOf(1),
  suite: oneOf('RSA_V1'),
  messageId: text(isMessageId),
  senderUser: text(isUsername),
  senderDevice: text(isDeviceId),
  recipients: list(recipientShape, maxRecipientDevices),
  sentAt: integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
  ttlMs: integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  kind: oneOf('text', 'file'),
  prevHash: bytes({ min: 0, max: hashLength }),
  keyCommit: bytesOf(hashLength),
} as const

const directShape = record({
  ...commonFields,
  conversation: text((name) => directPair(name) !== undefined),
})

const groupShape = record({
  ...commonFields,
  conversation: text((name) => groupOf(name) !== undefined),
  roster: record({
    version: integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    hash: bytesOf(hashLength),
  }),
})

/** Throws `MalformedError` on a header no receiver would accept. */
export function encodeHeader(header: MessageHeader): Bytes {
  const recipients = header.recipients.map(({ user, deviceListVersion, devices }) => {
    return { user, deviceListVersion, devices }
  })
  const { roster, ...fields } = header
  const encoded = encodeCanonical({
    ...fields,
    ...(roster !== undefined && { roster: { version: roster.version, hash: roster.hash } }),
    recipients,
    v: 1,
    suite: 'RSA_V1',
  })
  parseHeader(encoded)
  return encoded
}

export function parseHeader(encoded: Uint8Array): MessageHeader {
  const decoded = decodeCanonical(encoded)
  const parsed = isOfGroup(decoded) ? groupShape(decoded) : directShape(decoded)
  const { v: _v, suite: _suite, ...fields } = parsed
  // `record` has checked every text; the brand only records that.
  const header = fields as typeof fields & MessageHeader
  if (header.prevHash.length !== 0 && header.prevHash.length !== hashLength) {
    throw new MalformedError('prevHash is neither empty nor a hash')
  }
  checkRecipients(header)
  checkDirectPair(header)
  return header
}

function isOfGroup(decoded: CborValue): boolean {
  return typeof decoded === 'object' && 'roster' in decoded
}

/** In the order in which the wrap hashes stand. */
export function recipientDevices(header: MessageHeader): readonly string[] {
  return header.recipients.flatMap((recipient) => recipient.devices)
}

function checkRecipients(header: MessageHeader): void {
  const devices = recipientDevices(header)
  const isSorted =
    isAscending(header.recipients.map((recipient) => recipient.user)) &&
    header.recipients.every(({ devices }) => devices.length > 0 && isAscending(devices))
  if (!isSorted) throw new MalformedError('recipients are not ascending')
  if (devices.length === 0 || devices.length > maxRecipientDevices) {
    throw new MalformedError(`expected 1 to ${maxRecipientDevices} recipient devices`)
  }
  // A device id of two accounts would make a wrap readable as meant for either.
  if (new Set([header.senderDevice, ...devices]).size !== devices.length + 1) {
    throw new MalformedError('a device stands twice in the header')
  }
}

/** Nobody but the two speaks or listens in a direct conversation, whatever the server relays. */
function checkDirectPair(header: MessageHeader): void {
  const pair: readonly Username[] | undefined = directPair(header.conversation)
  if (pair === undefined) return
  const users = [header.senderUser, ...header.recipients.map((recipient) => recipient.user)]
  if (!users.every((user) => pair.includes(user))) {
    throw new MalformedError('a stranger stands in a direct conversation')
  }
}
