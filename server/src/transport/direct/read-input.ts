import type { SendMessage } from '../../domain/delivery/send-message.ts'
import { limits } from '../../domain/limits.ts'

// Each reader takes what the schema takes and its validators let pass, in the form that clients send it in, or says null:
// then the executor decides, and it is the one that finds the words for what is wrong.

type Json = Readonly<Record<string, unknown>>

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const username = /^[a-z0-9_.-]{3,32}$/
const cursor = /^[0-9a-z]{1,12}$/
const maxInt = 2 ** 31 - 1

export function readUuid(value: unknown): string | null {
  return typeof value === 'string' && uuid.test(value) ? value : null
}

export function readSendMessage(value: unknown): SendMessage | null {
  const always = ['clientMessageId', 'envelope', 'to']
  const isForGroup = hasFields(value, [...always, 'group'])
  if (!isForGroup && !hasFields(value, always)) return null
  const clientMessageId = readUuid(value.clientMessageId)
  const envelope = readBytes(value.envelope)
  const to = readList(value.to, limits.addressees, readAddressee)
  if (clientMessageId === null || envelope === null || to === null || to.length === 0) return null
  if (!isForGroup) return { clientMessageId, envelope, to }
  const group = readGroup(value.group)
  return group === null ? null : { clientMessageId, envelope, to, group }
}

export function readAcknowledge(value: unknown): { attachmentId: string; upTo: bigint } | null {
  if (!hasFields(value, ['attachmentId', 'upTo'])) return null
  const attachmentId = readUuid(value.attachmentId)
  const { upTo } = value
  if (attachmentId === null || typeof upTo !== 'string' || !cursor.test(upTo)) return null
  // 11 digits of base 36 fit into 2^57, past what a double holds exactly: in two halves.
  const [high, low] = [upTo.slice(0, -6), upTo.slice(-6)].map((digits) =>
    Number.parseInt(digits || '0', 36),
  )
  return { attachmentId, upTo: BigInt(high as number) * 36n ** 6n + BigInt(low as number) }
}

function readGroup(value: unknown): SendMessage['group'] | null {
  if (!hasFields(value, ['groupId', 'rosterVersion'])) return null
  const groupId = readUuid(value.groupId)
  const rosterVersion = readVersion(value.rosterVersion)
  return groupId === null || rosterVersion === null ? null : { groupId, rosterVersion }
}

function readAddressee(value: unknown): SendMessage['to'][number] | null {
  if (!hasFields(value, ['username', 'deviceListVersion', 'keys'])) return null
  const { username: name } = value
  if (typeof name !== 'string' || !username.test(name)) return null
  const deviceListVersion = readVersion(value.deviceListVersion)
  const keys = readList(value.keys, limits.recipientDevices, readKey)
  if (deviceListVersion === null || keys === null) return null
  return { username: name, deviceListVersion, keys }
}

function readVersion(value: unknown): number | null {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= maxInt
    ? value
    : null
}

function readKey(value: unknown): SendMessage['to'][number]['keys'][number] | null {
  if (!hasFields(value, ['deviceId', 'wrappedKey'])) return null
  const deviceId = readUuid(value.deviceId)
  const wrappedKey = readBytes(value.wrappedKey)
  return deviceId === null || wrappedKey === null ? null : { deviceId, wrappedKey }
}

function readBytes(value: unknown): Uint8Array | null {
  if (typeof value !== 'string') return null
  const bytes = Buffer.from(value, 'base64url')
  // Node skips what is not base64url. Writing it again takes less than half the time that a regular expression does.
  return bytes.toString('base64url') === value ? bytes : null
}

function readList<T>(value: unknown, max: number, read: (item: unknown) => T | null): T[] | null {
  if (!Array.isArray(value) || value.length > max) return null
  const items: T[] = []
  for (const item of value) {
    const one = read(item)
    if (one === null) return null
    items.push(one)
  }
  return items
}

/** These and no other: what this file does not know, the executor may. */
function hasFields(value: unknown, names: readonly string[]): value is Json {
  if (typeof value !== 'object' || value === null) return false
  const keys = Object.keys(value)
  return keys.length === names.length && names.every((name) => Object.hasOwn(value, name))
}
