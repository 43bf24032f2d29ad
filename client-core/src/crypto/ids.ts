import type { Bytes } from '../brands.ts'
import { randomBytes } from './bytes.ts'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const uuidV7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

/** Ids are signed as text, so only the lower-case form counts. */
export function isDeviceId(value: string): boolean {
  return uuid.test(value)
}

export function isGroupId(value: string): boolean {
  return uuid.test(value)
}

export function isMessageId(value: string): boolean {
  return uuidV7.test(value)
}

export function createDeviceId(): string {
  return globalThis.crypto.randomUUID()
}

export function createGroupId(): string {
  return globalThis.crypto.randomUUID()
}

/**
 * RFC 9562 §5.7: the time comes first. `previous` is the last id this device has made, so that ids
 * ascend even within a millisecond or when the clock goes back: receivers tell replays and wrong
 * order by it.
 */
export function createMessageId(nowMs: number, previous: string | null): string {
  const timeMs = previous === null ? nowMs : Math.max(nowMs, timeOf(previous) + 1)
  const bytes = randomBytes(16)
  const view = new DataView(bytes.buffer)
  view.setUint16(0, Math.floor(timeMs / 2 ** 32))
  view.setUint32(2, timeMs % 2 ** 32)
  view.setUint8(6, 0x70 | (view.getUint8(6) & 0x0f))
  view.setUint8(8, 0x80 | (view.getUint8(8) & 0x3f))
  return uuidOf(bytes)
}

/** The 16 bytes that a UUID is the text of. */
export function uuidBytes(id: string): Bytes {
  const hex = id.replaceAll('-', '')
  return Uint8Array.from({ length: 16 }, (_, index) => {
    return Number.parseInt(hex.slice(2 * index, 2 * index + 2), 16)
  })
}

export function uuidOf(bytes: Uint8Array): string {
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

function timeOf(messageId: string): number {
  return Number.parseInt(messageId.slice(0, 13).replace('-', ''), 16)
}
