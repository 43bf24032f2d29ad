import { readUuid, writeUuid } from '../uuid-bytes.ts'
import type { NotedCopy, NotedMessage } from './bus.ts'

// A message as bytes, for links between servers that may run different versions: the first byte is the format, and whoever
// does not know it drops the message, as they may. All numbers are big-endian.
//   format u8 | sender device 16 | message 16 | sender server u32 | accepted f64 ms | expires f64 ms | envelope u32 + bytes |
//   then for each copy: device 16 | sequence u64 | wrapped key u16 + bytes
const format = 1
const headBytes = 1 + 16 + 16 + 4 + 8 + 8 + 4
const copyHeadBytes = 16 + 8 + 2

export function encodeMessage(message: NotedMessage): Buffer {
  const { envelope, copies } = message
  let length = headBytes + envelope.length
  for (const { wrappedKey } of copies) length += copyHeadBytes + wrappedKey.length
  const bytes = Buffer.allocUnsafe(length)
  bytes.writeUInt8(format, 0)
  writeUuid(bytes, 1, message.senderDeviceId)
  writeUuid(bytes, 17, message.messageId)
  bytes.writeUInt32BE(message.senderServer, 33)
  bytes.writeDoubleBE(message.acceptedAt.getTime(), 37)
  bytes.writeDoubleBE(message.expiresAt.getTime(), 45)
  bytes.writeUInt32BE(envelope.length, 53)
  bytes.set(envelope, headBytes)
  let at = headBytes + envelope.length
  for (const { deviceId, seq, wrappedKey } of copies) {
    writeUuid(bytes, at, deviceId)
    bytes.writeBigUInt64BE(seq, at + 16)
    bytes.writeUInt16BE(wrappedKey.length, at + 24)
    bytes.set(wrappedKey, at + copyHeadBytes)
    at += copyHeadBytes + wrappedKey.length
  }
  return bytes
}

/** Null for another format, and for bytes that end too early. Nothing in it is a view of `bytes`, which may be much more. */
export function decodeMessage(bytes: Buffer): NotedMessage | null {
  if (bytes.length < headBytes || bytes[0] !== format) return null
  const envelopeEnd = headBytes + bytes.readUInt32BE(53)
  if (envelopeEnd > bytes.length) return null
  const copies: NotedCopy[] = []
  for (let at = envelopeEnd; at < bytes.length; ) {
    if (at + copyHeadBytes > bytes.length) return null
    const end = at + copyHeadBytes + bytes.readUInt16BE(at + 24)
    if (end > bytes.length) return null
    copies.push({
      deviceId: readUuid(bytes, at),
      seq: bytes.readBigUInt64BE(at + 16),
      wrappedKey: Buffer.from(bytes.subarray(at + copyHeadBytes, end)),
    })
    at = end
  }
  return {
    senderDeviceId: readUuid(bytes, 1),
    messageId: readUuid(bytes, 17),
    senderServer: bytes.readUInt32BE(33),
    acceptedAt: new Date(bytes.readDoubleBE(37)),
    expiresAt: new Date(bytes.readDoubleBE(45)),
    envelope: Buffer.from(bytes.subarray(headBytes, envelopeEnd)),
    copies,
  }
}

/** Messages together, each behind its length (u32), as many as go into a frame: a larger one would cost the link. */
export function framesOf(messages: readonly Buffer[], maxBytes: number): Buffer[] {
  const frames: Buffer[] = []
  let parts: Buffer[] = []
  let size = 0
  for (const message of messages) {
    if (size + message.length > maxBytes && parts.length > 0) {
      frames.push(Buffer.concat(parts))
      parts = []
      size = 0
    }
    const length = Buffer.allocUnsafe(4)
    length.writeUInt32BE(message.length, 0)
    parts.push(length, message)
    size += 4 + message.length
  }
  if (parts.length > 0) frames.push(Buffer.concat(parts))
  return frames
}

/** What is whole in a frame. */
export function* messagesIn(frame: Buffer): Generator<NotedMessage> {
  for (let at = 0; at + 4 <= frame.length; ) {
    const end = at + 4 + frame.readUInt32BE(at)
    if (end > frame.length) return
    const message = decodeMessage(frame.subarray(at + 4, end))
    if (message !== null) yield message
    at = end
  }
}
