import { type GraphQLNamedType, type GraphQLObjectType, getNamedType, isLeafType } from 'graphql'
import type { InboxBatch, InboxEvent } from '../../domain/delivery/inbox-event.ts'
import type { SentMessage } from '../../domain/delivery/send-message.ts'

/** Reads a field off what the domain returned, in the form in which it goes into the answer. */
// biome-ignore lint/suspicious/noExplicitAny: each table below says what its readers are given.
export type Reader = (value: any) => unknown

type EventOf<Kind extends InboxEvent['kind']> = Extract<InboxEvent, { kind: Kind }>
type Table<T> = Readonly<Record<string, (value: T) => unknown>>

const base64url = (bytes: Uint8Array) =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url')

const sent: Table<SentMessage> = {
  clientMessageId: (message) => message.clientMessageId,
  acceptedAt: (message) => message.acceptedAt.toISOString(),
  expiresAt: (message) => message.expiresAt.toISOString(),
  serverTime: (message) => message.serverTime.toISOString(),
  deliveries: (message) => message.deliveries,
}
const delivery: Table<SentMessage['deliveries'][number]> = {
  deviceId: ({ deviceId }) => deviceId,
  state: ({ state }) => state,
}
const acknowledged: Table<bigint> = {
  ackedUpTo: (upTo) => upTo.toString(36),
}
const batch: Table<InboxBatch> = {
  events: ({ events }) => events,
  serverTime: ({ serverTime }) => serverTime.toISOString(),
}
const arrived: Table<EventOf<'message'>> = {
  cursor: ({ message }) => message.seq.toString(36),
  clientMessageId: ({ message }) => message.messageId,
  senderDeviceId: ({ message }) => message.senderDeviceId,
  envelope: ({ message }) => base64url(message.envelope),
  wrappedKey: ({ message }) => base64url(message.wrappedKey),
  acceptedAt: ({ message }) => message.acceptedAt.toISOString(),
  expiresAt: ({ message }) => message.expiresAt.toISOString(),
}
const changed: Table<EventOf<'delivery'>> = {
  clientMessageId: ({ messageId }) => messageId,
  deviceId: ({ deviceId }) => deviceId,
  state: ({ state }) => state,
  at: ({ at }) => at.toISOString(),
}

const tables: Readonly<Record<string, Readonly<Record<string, Reader>>>> = {
  SendMessagePayload: sent,
  Delivery: delivery,
  AcknowledgePayload: acknowledged,
  InboxBatch: batch,
  MessageArrived: arrived,
  DeliveryChanged: changed,
}

/** Events of another kind are seldom, and the executor's. */
const eventTypes: Partial<Record<InboxEvent['kind'], string>> = {
  message: 'MessageArrived',
  delivery: 'DeliveryChanged',
}

/** The object type of a value; empty for one that the executor has to place. */
export function typeNameOf(type: GraphQLNamedType): (value: unknown) => string {
  return type.name === 'InboxEvent'
    ? (event) => eventTypes[(event as InboxEvent).kind] ?? ''
    : () => type.name
}

/** How the fields of a type are read; null for one that the executor has to resolve. */
export function readersOf(type: GraphQLObjectType): (field: string) => Reader | null {
  const isError = type.getInterfaces().some(({ name }) => name === 'UserError')
  return isError
    ? (name) => propertyReader(type, name)
    : (name) => (Object.hasOwn(tables, type.name) ? (tables[type.name]?.[name] ?? null) : null)
}

/** An error exposes its properties under their own names: texts, numbers and lists of ids. */
function propertyReader(type: GraphQLObjectType, name: string): Reader | null {
  const field = type.getFields()[name]
  return field !== undefined && isLeafType(getNamedType(field.type)) ? (error) => error[name] : null
}
